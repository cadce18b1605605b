"""How fast a move gets on, and how long it may still take: a mean that forgets what is long ago."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from s3mover.contract import MoveRecord

HALF_LIFE = 10.0
"""Seconds after which what was seen counts half: parts come in bursts of several seconds."""

LONGEST = 30 * 86_400.0
"""Seconds; a move that has more left stands still, for its rate only tends to nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a move was at a look, and how fast it had got there."""

    at: float
    """Seconds of a clock that is never set back, such as `time.monotonic()`."""

    bytes_done: int
    _rate: float = 0.0
    _weight: float = 0.0

    @property
    def bytes_per_second(self) -> float | None:
        """None as long as nothing can be said."""
        return self._rate / self._weight if self._weight else None

    def seconds_left(self, size: int | None) -> float | None:
        """Return the time that the rest of `size` bytes takes at this rate; None if for ever."""
        rate = self.bytes_per_second
        if not rate or size is None:
            return None
        seconds = (size - self.bytes_done) / rate
        return seconds if seconds <= LONGEST else None

    def then(self, at: float, bytes_done: int) -> Pace:
        """Return the pace at the next look; what is begun anew tells nothing of the time before."""
        if bytes_done < self.bytes_done:
            return Pace(at, bytes_done)
        seconds = at - self.at
        if seconds <= 0:
            return self
        fresh = _share(seconds)
        rate = self._rate * (1 - fresh) + (bytes_done - self.bytes_done) / seconds * fresh
        return Pace(at, bytes_done, rate, self._weight * (1 - fresh) + fresh)


def look(record: MoveRecord, at: float, before: Pace | None = None) -> Pace:
    """
    Return the pace of a move from its record and from the look before.

    At the first look, and when the move has ended, it is the mean since the start.
    """
    if before is not None and not record.state.final:
        return before.then(at, record.bytes_done)
    if record.started_at is None:
        return Pace(at, record.bytes_done)
    # The journal's clock need not be the caller's: only its own times are compared.
    seconds = ((record.finished_at or record.updated_at) - record.started_at).total_seconds()
    return Pace(at - seconds, 0).then(at, record.bytes_done)


def _share(seconds: float) -> float:
    return float(1 - 0.5 ** (seconds / HALF_LIFE))
