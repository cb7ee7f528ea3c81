"""What the monitor of the main interpreter sees of the process's other interpreters: their areas of the scoreboard."""

from typing import Dict, Optional, Tuple

from .scoreboard import Scoreboard


class Neighbours:
    """Looked at once a second. Times on the monotonic clock; with no other interpreter everything is 0."""

    def __init__(self, scoreboard: Scoreboard) -> None:
        self._scoreboard = scoreboard
        # Requests that they have finished, and that they run.
        self.served = 0
        self.busy = 0
        self.last_activity: Optional[float] = None
        # By area: the proof of life seen last, and when it was seen first.
        self._proofs: Dict[int, Tuple[float, float]] = {}

    def look(self, now: float) -> None:
        served = busy = 0
        for area, figures in enumerate(self._scoreboard.read_others()):
            if figures is None:
                continue
            served += figures.served
            busy += figures.busy
            if figures.activity_at > (self.last_activity or 0.0):
                self.last_activity = figures.activity_at
            known = self._proofs.get(area)
            if figures.alive_at and (known is None or known[0] != figures.alive_at):
                self._proofs[area] = (figures.alive_at, now)
        self.served = served
        self.busy = busy

    def silence(self, now: float) -> float:
        """For how long the one has been silent that was silent for longest, of those that have shown life at all."""
        return max((now - since for _, since in self._proofs.values()), default=0.0)
