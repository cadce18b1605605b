"""
The simulation: a window of messages a move, taken by threads, in virtual time.

A part is: the broker (delivery, claim), the worker's CPU, the copy, its CPU, the broker again
(advance, publish, ack). Left out: latencies to the broker, the sweeper, and messages that it loses.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from itertools import count
from typing import TYPE_CHECKING

from bench.simulation.parts import Cores, Prefix, Process
from bench.simulation.world import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bench.simulation.world import Move, World


class Running:
    """A move under way."""

    __slots__ = ("done", "issued", "move")

    def __init__(self, move: Move) -> None:
        self.move = move
        self.issued = self.done = 0


class Simulation:
    """One world and its moves; `run` to the end of them."""

    def __init__(self, world: World, moves: Iterable[Move], seed: int = 1) -> None:
        self._world, self._moves = world, deque(moves)
        self._parts = sum(move.parts for move in self._moves)
        self._bytes = sum(move.parts * move.size for move in self._moves)
        self._random = random.Random(seed)  # noqa: S311  # the same world twice is the same
        cores = Cores(world.cores)
        self._redis, self._store = Process(cores), Process(cores)
        self._workers = [Process(cores) for _ in range(world.workers)]
        self._slots = deque(n for _ in range(world.threads) for n in range(world.workers))
        self._alive = [True] * world.workers
        self._prefixes: dict[int, Prefix] = {}
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = count()
        self._ready: deque[tuple[Running, int]] = deque()
        self._now = self._last = 0.0
        self._opening = self._flying = self._peak = self._throttled = self._redelivered = 0

    def run(self) -> Result:
        for when, workers in self._world.kills:
            self._at(when, lambda workers=workers: self._kill(workers))  # type: ignore[misc]
        self._fill()
        while self._events:
            self._now, _, call = heapq.heappop(self._events)
            call()
        return self._result()

    def _at(self, when: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._serial), call))

    def _fill(self) -> None:
        """Give messages to idle threads; open moves while there are threads for their parts."""
        while self._slots and self._ready:
            worker = self._slots.popleft()
            if self._alive[worker]:
                self._begin(worker, *self._ready.popleft())
        while self._moves and len(self._slots) > self._opening:
            move = self._moves.popleft()
            self._opening += move.cap
            before = min(2, move.requests) * self._world.timing.latency
            self._at(self._now + before, lambda move=move: self._open(Running(move)))  # type: ignore[misc]

    def _open(self, running: Running) -> None:
        self._opening -= running.move.cap
        for _ in range(min(running.move.cap, running.move.parts)):
            self._publish(running)
        self._fill()

    def _publish(self, running: Running) -> None:
        running.issued += 1
        self._ready.append((running, 0))

    def _begin(self, worker: int, running: Running, strikes: int) -> None:
        """Claim a part, and ask S3 to copy it."""
        world, move = self._world, running.move
        prefix = self._prefixes.setdefault(move.prefix, Prefix(world.rate))
        now = self._redis.work(self._now, world.costs.redis / 2)
        if prefix.flying >= prefix.limit:
            self._again(worker, running, strikes, now, 0.5 + self._random.random())
            return
        now = self._workers[worker].work(now, world.costs.worker / 2)
        if not prefix.admits(now):
            self._throttled += 1
            pause = min(30, 0.5 * 2**strikes) * (0.5 + self._random.random())
            self._again(worker, running, strikes + 1, now + world.timing.latency, pause)
            return
        prefix.flying += 1
        self._flying += 1
        self._peak = max(self._peak, self._flying)
        landed = now + world.timing.of_copy(move.size)
        begun = self._now
        self._at(landed, lambda: self._landed(worker, running, prefix, begun))

    def _again(
        self, worker: int, running: Running, strikes: int, free: float, pause: float
    ) -> None:
        """Free the thread, and have the message come again after its pause."""
        self._at(free, lambda: self._release(worker))
        self._at(free + pause, lambda: self._return(running, strikes))

    def _return(self, running: Running, strikes: int = 0) -> None:
        self._ready.append((running, strikes))
        self._fill()

    def _landed(self, worker: int, running: Running, prefix: Prefix, begun: float) -> None:
        prefix.flying -= 1
        self._flying -= 1
        if not self._alive[worker]:  # its message is delivered again, to another
            self._redelivered += 1
            due = max(self._now, begun + self._world.visibility)
            self._at(due, lambda: self._return(running))
            return
        prefix.went_well()
        costs = self._world.costs
        now = self._store.work(self._now, costs.store) if costs.store else self._now
        now = self._workers[worker].work(now, costs.worker / 2)
        now = self._redis.work(now, costs.redis / 2)
        self._at(now, lambda: self._ended(worker, running))

    def _ended(self, worker: int, running: Running) -> None:
        running.done += 1
        if running.issued < running.move.parts:
            self._publish(running)
        if running.done == running.move.parts:
            after = max(0, running.move.requests - 2) * self._world.timing.latency
            self._last = max(self._last, self._now + after)
        self._release(worker)

    def _release(self, worker: int) -> None:
        if self._alive[worker]:
            self._slots.append(worker)
        self._fill()

    def _kill(self, workers: int) -> None:
        for worker in [n for n, alive in enumerate(self._alive) if alive][:workers]:
            self._alive[worker] = False

    def _result(self) -> Result:
        seconds = self._last
        shares = {
            "Redis": self._redis.busy / seconds,
            "worker CPU": sum(w.busy for w in self._workers) / seconds / len(self._workers),
            "threads": self._peak / (self._world.workers * self._world.threads),
        }
        busiest = max(shares, key=lambda name: shares[name])
        is_s3 = self._throttled > self._parts / 1000
        return Result(
            seconds=seconds,
            parts=self._parts,
            copied=self._bytes,
            redis=shares["Redis"],
            workers=shares["worker CPU"],
            throttled=self._throttled,
            redelivered=self._redelivered,
            peak=self._peak,
            saturated="S3's rate a prefix" if is_s3 else _words(busiest, shares[busiest]),
        )


def _words(name: str, share: float) -> str:
    full = 0.9
    return name if share > full else "the moves' caps"
