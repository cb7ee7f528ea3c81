"""The daemon process's end of the channel: connections from http children, and who reads them.

Leader and followers: one thread at a time, the leader, reads frames; it takes the first request itself and passes the
lead on, so a request is run by the thread that read it unless that thread was busy; or it keeps the lead, where that is
better (lead.py). A request thread that must wait for body bytes or credit reads too while nobody else does. When every
request thread is busy in its application nobody reads; then the monitor does (`relieve`), so that a client that left and
a request asked back are noticed.

What makes it safe without more locks:
- the queue of requests, and every connection's receive buffer, are touched only by the holder of the lead;
- a stream's inbox and flags are appended to by the leader and consumed by the one thread that runs the request;
- a waiter registers before it looks whether someone leads; a leader looks for waiters after it stepped down.

Where the process has several interpreters, each with a channel, a request is started only with one of the process's
permits (permits.py). The leader that gets none goes on reading: what waits in the queue has not started.
"""

import os
import select
import socket
import struct
import threading
from collections import deque
from time import monotonic
from typing import Callable, Deque, Dict, List, Optional

from . import interruptible_waits
from .connection import ChannelBroken, ChannelEnded, Connection
from .interrupt import Interrupter
from .lead import Lead
from .lead_policy import LeadPolicy
from .mod_wsgi_module import RequestTimeout
from .permits import Permits
from .request_stream import RequestStream
from .scoreboard import Scoreboard

_TIMEVAL = struct.Struct("@ll")
_PEER_CREDENTIALS = struct.Struct("3i")
_NUDGE_BYTES = 4096
# A waiting thread looks up from its wait this often even if nobody woke it.
_WAIT_SECONDS = 5.0
_CONCLUSIONS_LIMIT = 5
# While other interpreters have all permits, whoever leads asks for one this often.
_PERMIT_SECONDS = 0.005

Report = Callable[[str, str], None]


class Channel:
    """All connections of this process, the requests that wait, and the threads that run them."""

    def __init__(
        self,
        threads: int,
        *,
        scoreboard: Scoreboard,
        peer_uids: "frozenset[int]",
        send_timeout: float,
        report: Report,
    ) -> None:
        self.scoreboard = scoreboard
        # What each request thread is running; None while it leads or waits to lead.
        self.running: List[Optional[RequestStream]] = [None] * threads
        # When it took it, and who it is: by slot, as `running`.
        self.started: List[float] = [0.0] * threads
        self.threads: List[Optional[threading.Thread]] = [None] * threads
        # Set by their owners before the first request: what injects RequestTimeout; what is called by a request thread
        # after each request.
        self.interrupter: Optional[Interrupter] = None
        self.on_finished: Optional[Callable[[], None]] = None
        # Where `watches_activity`: when a request that counts for inactivity-timeout last began or ended.
        self.watches_activity = False
        self.last_activity: Optional[float] = None
        # Requests by slot that nobody needs to wait for: their time is up.
        self._stale: List[Optional[RequestStream]] = [None] * threads
        # Counts reads of any connection, so that the monitor sees whether somebody attends to them.
        self.reads = 0
        self.relief_wanted = threading.Lock()
        self.relief_wanted.acquire()
        self._relief_asleep = False
        self._peer_uids = peer_uids
        self._send_timeout = send_timeout
        self._report = report
        self._lead = Lead()
        self._lead_policy = LeadPolicy()
        # None: this is the process's only interpreter.
        self._permits: Optional[Permits] = None
        # Slots whose threads hold a permit.
        self._permitted: Dict[int, bool] = {}
        self._queue: Deque[RequestStream] = deque()
        self._waiters: Dict[RequestStream, threading.Lock] = {}
        self._connections: Dict[int, Connection] = {}
        self._only: Optional[Connection] = None
        self._epoll = select.epoll()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._epoll.register(self._wake_read, select.EPOLLIN)
        self._stopping = False
        self._stopped = False
        # The leader is a thread that waits for input or credit: it starts no requests.
        self._waiter_leads = False

    # For the main thread.

    def accept(self, peer: socket.socket, refusal: Optional[str] = None) -> None:
        """Adds a connection from an http child; one from another user is refused.

        `refusal`: why none of its requests can be run; each is answered so, with 503.
        """
        if not self.admits(peer):
            peer.close()
            return
        seconds = int(self._send_timeout)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _TIMEVAL.pack(seconds, 0))
        connection = Connection(self, peer, refusal)
        self._connections[peer.fileno()] = connection
        self._only = connection if len(self._connections) == 1 else None
        self._epoll.register(peer.fileno(), select.EPOLLIN)
        if self._stopping or refusal is not None:
            connection.say_goodbye()

    def admits(self, peer: socket.socket) -> bool:
        """False, which is logged, where it is another user who connects."""
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER_CREDENTIALS.size)
        pid, uid, _ = _PEER_CREDENTIALS.unpack(credentials)
        if uid in self._peer_uids:
            return True
        self._report("error", f"connection from pid={pid} with uid={uid} refused: not the http children's user")
        return False

    def require_permits(self, permits: Permits) -> None:
        """From here on a request is started only with a permit; those that run get theirs.

        Called again it catches a thread that took its request while the first call was made.
        """
        self._permits = permits
        for slot, stream in enumerate(self.running):
            if stream is None or slot in self._permitted or not permits.try_acquire():
                continue
            self._permitted[slot] = True
            # It may have come to its end before it saw that it has one.
            if self.running[slot] is not stream:
                self._return_permit(slot)

    def stop(self) -> None:
        """No request starts after this returns; those that wait are given back. Running ones go on."""
        self._stopping = True
        self._nudge()
        self._lead.try_acquire()
        try:
            for connection in list(self._connections.values()):
                connection.say_goodbye()
            while self._queue:
                stream = self._queue.popleft()
                stream.connection.give_back(stream)
        finally:
            self._stopped = True
            self._step_down()

    def drain(self, timeout: float) -> None:
        """Reads in place of the request threads for up to `timeout` seconds, while requests finish after `stop`."""
        if self._lead.try_acquire(timeout=timeout):
            try:
                self._read(timeout)
            finally:
                self._step_down()

    @property
    def is_connected(self) -> bool:
        """An http child still has a connection; after `goodbye` it closes it when it has all its endings."""
        return bool(self._connections)

    @property
    def active(self) -> int:
        """How many requests are inside applications."""
        return sum(1 for stream in self.running if stream is not None)

    @property
    def awaited(self) -> int:
        """As `active`, without those whose time is up: who waits for requests to finish waits for these."""
        return sum(
            1 for stream, stale in zip(self.running, self._stale) if stream is not None and stream is not stale
        )

    def nudge(self) -> None:
        """Whoever leads looks up from its wait for frames."""
        self._nudge()

    # For the request threads.

    def serve(self, slot: int, run: Callable[[RequestStream, int], None]) -> None:
        """The life of one request thread: takes requests and calls `run`, which never raises, until `stop`."""
        running = self.running
        queue = self._queue
        lead = self._lead
        policy = self._lead_policy
        self.threads[slot] = threading.current_thread()
        interruptible_waits.enroll()
        leads = False
        waits = -1
        while True:
            if not leads:
                lead.acquire()
            leads = False
            try:
                while not queue or (self._permits is not None and not self._take_permit(slot)):
                    if self._stopping:
                        return
                    self._read(_PERMIT_SECONDS if queue else None)
                stream = queue.popleft()
                self.started[slot] = stream.started = started = monotonic()
                running[slot] = stream
                # Under the lead, so that ids are marked in their order.
                self.scoreboard.mark_started(stream.connection.number, stream.request_id)
                if lead.is_watched and policy.advises_keeping(started) and not self._stopping:
                    waits = policy.begin()
                    leads = lead.keep(started)
            finally:
                if not leads:
                    self._step_down()
            if self.watches_activity:
                self._note_activity(stream)
            try:
                try:
                    run(stream, slot)
                except BaseException as error:
                    # The adapter lets nothing through; but an exception may be injected at any moment.
                    self._survive(slot, error)
                self._conclude(stream)
            except BaseException as error:
                # It came a little later: each step may be repeated.
                self._conclude_again(stream, slot, error)
            running[slot] = None
            if leads:
                policy.end(started, waits)
                leads = lead.resume()
            if self._permits is not None:
                self._return_permit(slot)
            if self.watches_activity:
                self._note_activity(stream)
            if self.on_finished is not None:
                self.on_finished()
            if queue and self._waiter_leads:
                self._nudge()

    def run_here(
        self, slot: int, stream: RequestStream, run: Callable[[RequestStream, int], None], thread: threading.Thread
    ) -> bool:
        """Runs a request that came by no connection in the calling `thread`, in the place of the slot's own.

        For who knows that nothing is on its way to that one (direct_calls.py). False where it can't be started.
        """
        if self._stopping or self.running[slot] is not None:
            return False
        if self._permits is not None and not self._take_permit(slot):
            return False
        own, self.threads[slot] = self.threads[slot], thread
        self.started[slot] = monotonic()
        self.running[slot] = stream
        try:
            try:
                run(stream, slot)
            except BaseException as error:
                self._survive(slot, error)
            self._conclude(stream)
        except BaseException as error:
            self._conclude_again(stream, slot, error)
        self.running[slot] = None
        self.threads[slot] = own
        if self._permits is not None:
            self._return_permit(slot)
        return True

    def _take_permit(self, slot: int) -> bool:
        if self._permits is None or not self._permits.try_acquire():
            return False
        self._permitted[slot] = True
        return True

    def _return_permit(self, slot: int) -> None:
        # Two may come here for one permit; popping it tells them apart.
        if self._permitted.pop(slot, False) and self._permits is not None:
            self._permits.release()

    def _survive(self, slot: int, error: BaseException) -> None:
        if not isinstance(error, RequestTimeout):
            self._report("error", f"{type(error).__name__} between requests of thread {slot + 1}: {error}")
        # What `run` may not have come to.
        self.scoreboard.finish(slot)

    def _conclude(self, stream: RequestStream) -> None:
        stream.finish()
        stream.connection.streams.pop(stream.request_id, None)
        stream.is_over = True
        if stream.interrupted and self.interrupter is not None:
            self.interrupter.settle()

    def _conclude_again(self, stream: RequestStream, slot: int, error: BaseException) -> None:
        # One exception is injected into a request at most; the application may have set off others.
        for _ in range(_CONCLUSIONS_LIMIT):
            try:
                self._survive(slot, error)
                self._conclude(stream)
                return
            except BaseException as further:
                error = further

    def _note_activity(self, stream: RequestStream) -> None:
        if not stream.facts.get("ignore_activity"):
            self.last_activity = now = monotonic()
            self.scoreboard.note_activity(now)

    def wait(self, stream: RequestStream, seen: int) -> None:
        """Returns when something may have happened to `stream` after its count of events was `seen`.

        An exception that is injected is raised at the beginning, never amid the hand-over of the lead.
        """
        try:
            stream.is_waiting = True
            if stream.interrupted and self.interrupter is not None:
                self.interrupter.let_finish()
            self._wait(stream, seen)
        finally:
            stream.is_waiting = False

    def _wait(self, stream: RequestStream, seen: int) -> None:
        # A lead that was kept, usually by this thread itself: to pass it on and wait for whoever got it costs two hand-overs.
        leads = self._lead.resume()
        if leads or (not self._somebody_leads_next and self._lead.try_acquire(False)):
            try:
                self._waiter_leads = True
                # Asked again: a thread that has become idle before this line does not know that it must nudge.
                if stream.events == seen and not self._somebody_leads_next:
                    self._read(_WAIT_SECONDS)
            finally:
                self._waiter_leads = False
                if not leads or not self._keep_lead_again():
                    self._step_down()
            return
        waiter = threading.Lock()
        waiter.acquire()
        stream.waiter = waiter
        self._waiters[stream] = waiter
        # Registered first: whoever leads, or is about to, steps down after this line and finds the waiter.
        if stream.events == seen and (self._lead.is_taken() or self._somebody_leads_next):
            waiter.acquire(timeout=_WAIT_SECONDS)
        self._waiters.pop(stream, None)
        stream.waiter = None

    def _keep_lead_again(self) -> bool:
        """Whoever kept it before takes it back when its request is done; nobody must need it meanwhile."""
        return not (self._queue or self._waiters or self._stopping) and self._lead.keep(monotonic())

    @property
    def _somebody_leads_next(self) -> bool:
        """An idle thread is about to take the lead and run what waits, or `stop` to give it back."""
        if self._stopping:
            return not self._stopped
        return bool(self._queue) and None in self.running

    def _nudge(self) -> None:
        """Ends the leader's wait for frames."""
        try:
            os.write(self._wake_write, b"x")
        except BlockingIOError:
            pass  # thousands of nudges are on their way already

    # For the monitor.

    def sleep_until_crowded(self, seconds: float) -> bool:
        """Waits until every request thread is busy, `seconds` at most. True where that was it."""
        self._relief_asleep = True
        woken = self.relief_wanted.acquire(timeout=seconds)
        self._relief_asleep = False
        return woken

    def mark_stale(self, slot: int, stream: RequestStream) -> None:
        """The request's time is up: from here on it is not `awaited`."""
        self._stale[slot] = stream

    def relieve(self, seconds: float) -> None:
        """Reads once if nobody leads, waiting up to `seconds`: for when all request threads are busy in their applications."""
        if self._lead.try_acquire(False):
            try:
                self._waiter_leads = True
                self._read(seconds)
            finally:
                self._waiter_leads = False
                self._step_down()

    @property
    def is_unattended(self) -> bool:
        """Nobody leads, and no request thread is about to."""
        return not self._lead.is_taken() and None not in self.running

    # For the leader.

    def has_connection(self, number: int) -> bool:
        return any(connection.number == number for connection in list(self._connections.values()))

    def enqueue(self, stream: RequestStream) -> None:
        if self._stopping:
            stream.connection.give_back(stream)
        else:
            self._queue.append(stream)

    def withdraw(self, stream: RequestStream) -> bool:
        """Takes a request out of the queue; False where it has started (or is not there)."""
        try:
            self._queue.remove(stream)
        except ValueError:
            return False
        stream.connection.streams.pop(stream.request_id, None)
        return True

    def _read(self, timeout: Optional[float]) -> None:
        """Reads whatever has come, waiting up to `timeout` seconds (None: without limit) for the first bytes."""
        self.reads += 1
        only = self._only
        # With one connection under load there is usually something: one system call instead of two.
        if only is not None and len(self._connections) == 1 and self._receive(only):
            return
        for descriptor, _ in self._epoll.poll(timeout):
            if descriptor == self._wake_read:
                if self._stopping:
                    self._epoll.unregister(self._wake_read)
                else:
                    os.read(self._wake_read, _NUDGE_BYTES)
                continue
            connection = self._connections.get(descriptor)
            if connection is not None:
                self._receive(connection)

    def _receive(self, connection: Connection) -> bool:
        try:
            return connection.receive()
        except ChannelEnded as end:
            self._drop(connection, "debug", str(end))
            return True
        except ChannelBroken as error:
            self._drop(connection, "error", f"protocol of the channel broken: {error}")
            return True

    def _drop(self, connection: Connection, level: str, reason: str) -> None:
        descriptor = connection.socket.fileno()
        self._report(level, f"connection {connection.number} dropped: {reason}")
        self._epoll.unregister(descriptor)
        del self._connections[descriptor]
        self._only = next(iter(self._connections.values())) if len(self._connections) == 1 else None
        if connection.number != 0:
            self.scoreboard.close_connection(connection.number, bool(connection.streams))
        connection.close()

    def _step_down(self) -> None:
        self._lead.release()
        if None in self.running and not self._stopping:
            return  # an idle request thread leads next
        if self._relief_asleep:
            self._relief_asleep = False
            try:
                self.relief_wanted.release()
            except RuntimeError:
                pass  # two threads woke the monitor at once
        while self._waiters:
            try:
                stream, _ = self._waiters.popitem()
            except KeyError:
                return  # the last waiter has just left
            if stream.waiter is not None:
                stream.wake()
                return
            # That one was woken already, for something of its own: it may not come back to lead.
