"""How a duration was distributed over the requests of an interval, in mod_wsgi's form: mean, bounds and 65 buckets."""

from typing import Any, Dict, List, Optional

_OCTAVES = 16
_STEPS = 4
BUCKETS = _OCTAVES * _STEPS + 1
_OVERFLOW = BUCKETS - 1
_MILLISECOND = 1000


def find_bucket(microseconds: int) -> int:
    """16 octaves from 1 ms to 65536 ms, each in four equal steps; the last bucket has what is beyond, the first less."""
    octave = (microseconds // _MILLISECOND).bit_length() - 1
    if octave < 0:
        return 0
    if octave >= _OCTAVES:
        return _OVERFLOW
    # Between 1000 and 1999: where in its octave the value is.
    return octave * _STEPS + ((microseconds >> octave) - _MILLISECOND) * _STEPS // _MILLISECOND


class TimeDistribution:
    """Collects durations in seconds. Not safe for several threads."""

    __slots__ = ("count", "total", "_minimum_us", "_maximum_us", "_buckets")

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self._minimum_us: Optional[int] = None
        self._maximum_us: Optional[int] = None
        self._buckets: List[int] = [0] * BUCKETS

    def add(self, seconds: float) -> None:
        microseconds = int(seconds * 1_000_000)
        self.count += 1
        self.total += seconds
        self._buckets[find_bucket(microseconds)] += 1
        if self._minimum_us is None or microseconds < self._minimum_us:
            self._minimum_us = microseconds
        if self._maximum_us is None or microseconds > self._maximum_us:
            self._maximum_us = microseconds

    def describe(self, name: str, *, is_measured: bool = True) -> Dict[str, Any]:
        """The keys of request_metrics() for this duration. The mean of no request at all is 0.0, as in mod_wsgi."""
        mean = self.total / self.count if self.count else 0.0
        return {
            name: mean if is_measured else None,
            f"{name}_min_us": self._minimum_us,
            f"{name}_max_us": self._maximum_us,
            f"{name}_buckets": self._buckets,
        }
