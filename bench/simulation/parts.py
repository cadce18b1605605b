"""The parts of a simulated world that make others wait."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.simulation.clock import Clock


class Cores:
    """Cores that several processes share, first come, first served; None: one for each."""

    def __init__(self, count: int | None) -> None:
        self._idle = float("inf") if count is None else count
        self._waiting: deque[Process] = deque()

    def ask(self, process: Process) -> None:
        if self._idle:
            self._idle -= 1
            process.begin()
        else:
            self._waiting.append(process)

    def give(self) -> None:
        self._idle += 1
        if self._waiting:
            self.ask(self._waiting.popleft())


class Process:
    """A process with one thread's worth of CPU: an interpreter, or Redis."""

    __slots__ = ("_clock", "_cores", "_jobs", "busy")

    def __init__(self, clock: Clock, cores: Cores) -> None:
        self._clock, self._cores = clock, cores
        self._jobs: deque[tuple[float, Callable[[], None]]] = deque()
        self.busy = 0.0

    def work(self, seconds: float, then: Callable[[], None]) -> None:
        """Have it work for so many seconds, after what it has to do before that."""
        if not seconds:
            self._clock.after(0, then)
            return
        self.busy += seconds
        self._jobs.append((seconds, then))
        if len(self._jobs) == 1:
            self._cores.ask(self)

    def begin(self) -> None:
        self._clock.after(self._jobs[0][0], self._end)

    def _end(self) -> None:
        _, then = self._jobs.popleft()
        self._cores.give()
        if self._jobs:
            self._cores.ask(self)
        then()


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
