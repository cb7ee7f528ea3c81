"""New connections of http children: whoever listens asks which application group each is for, and passes it on."""

import socket
from typing import Dict, Iterator

from .channel import Channel
from .connection import peek_application_group
from .guests import Guests
from .process_setup import size_buffers
from .settings import Settings

# Connections that have been accepted and have not said yet which application group they are for.
_GREETERS_LIMIT = 256


class Reception:
    """For the thread that waits for `descriptors`: it calls `attend` with whichever is readable."""

    def __init__(self, settings: Settings, *, listener: socket.socket, channel: Channel, guests: Guests) -> None:
        self._settings = settings
        self._listener = listener
        self._channel = channel
        self._guests = guests
        self._greeters: Dict[int, socket.socket] = {}

    @property
    def descriptors(self) -> Iterator[int]:
        yield self._listener.fileno()
        yield from self._greeters

    def attend(self, descriptor: int) -> bool:
        """False where that is none of its descriptors."""
        if descriptor == self._listener.fileno():
            self._accept()
        elif descriptor in self._greeters:
            self._greet(descriptor)
        else:
            return False
        return True

    def accept_all(self) -> None:
        """While nothing is started any more: whatever comes over these connections is given back."""
        self._guests.stop()
        while len(self._greeters) < _GREETERS_LIMIT and self._accept():
            pass
        while self._greeters:
            self._channel.accept(self._greeters.popitem()[1])

    def _accept(self) -> bool:
        """False where no connection was waiting."""
        try:
            peer, _ = self._listener.accept()
        except OSError:
            return False  # it went away before we got to it
        if not self._channel.admits(peer):
            peer.close()
            return True
        peer.setblocking(True)
        size_buffers(peer, self._settings)
        if len(self._greeters) >= _GREETERS_LIMIT:
            self._greeters.pop(next(iter(self._greeters))).close()
        self._greeters[peer.fileno()] = peer
        return True

    def _greet(self, descriptor: int) -> None:
        """A new connection says which application group it is for."""
        peer = self._greeters[descriptor]
        try:
            name = peek_application_group(peer)
        except BlockingIOError:
            return
        del self._greeters[descriptor]
        if name:
            self._guests.connect(name, peer)
        else:
            # What is no hello is refused there.
            self._channel.accept(peer)
