"""The parts of a simulated world that make others wait."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field


class Cores:
    """Cores that several processes share; first come, first served."""

    def __init__(self, count: int | None) -> None:
        self._free = [0.0] * count if count else []

    def take(self, ready: float, seconds: float) -> float:
        """Return the time at which so many seconds of CPU are done."""
        if not self._free:
            return ready + seconds
        begin = max(ready, self._free[0])
        heapq.heapreplace(self._free, begin + seconds)
        return begin + seconds


@dataclass(slots=True)
class Process:
    """A process with one thread's worth of CPU: an interpreter, or Redis."""

    cores: Cores
    free: float = 0.0
    busy: float = 0.0

    def work(self, now: float, seconds: float) -> float:
        """Return the time at which it has done so many seconds of work."""
        self.busy += seconds
        self.free = self.cores.take(max(now, self.free), seconds)
        return self.free


@dataclass(slots=True)
class Prefix:
    """
    One partition of S3: `rate` writes a second, a second's worth of them saved up at most.

    With it the fleet's shared limit of copies in flight: halved by a 503, at most once a second,
    and grown by one for each limit of copies that went well (tasks/lua/limit.lua, in short).
    """

    rate: float
    tokens: float = 0.0
    seen: float = 0.0
    flying: int = 0
    limit: float = float("inf")
    lowered: float = field(default=-1.0)

    def admits(self, now: float) -> bool:
        """Take a request, or answer it by 503."""
        if self.rate == float("inf"):
            return True
        self.tokens = min(self.rate, self.tokens + (now - self.seen) * self.rate)
        self.seen = now
        if self.tokens >= 1:
            self.tokens -= 1
            return True
        if now - self.lowered > 1:
            self.lowered = now
            self.limit = max(min(self.limit, self.flying) / 2, 1)
        return False

    def went_well(self) -> None:
        self.limit += 1 / self.limit if self.limit < float("inf") else 0
