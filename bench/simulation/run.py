"""
The simulation: a window of messages a move, taken by threads, in virtual time.

A part is: the broker (delivery, claim), the worker's CPU, the copy, its CPU, the broker again
(advance, publish, ack). Left out: latencies to the broker, the sweeper, and messages that it loses.
"""

from __future__ import annotations

import random
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from bench.simulation.clock import Clock
from bench.simulation.parts import Cores, Prefix, Process
from bench.simulation.world import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        self._clock, cores = Clock(), Cores(world.cores)
        self._redis, self._store = Process(self._clock, cores), Process(self._clock, cores)
        self._workers = [Process(self._clock, cores) for _ in range(world.workers)]
        self._slots = deque(n for _ in range(world.threads) for n in range(world.workers))
        self._alive = [True] * world.workers
        self._prefixes: dict[int, Prefix] = {}
        self._ready: deque[tuple[Running, int]] = deque()
        self._last = 0.0
        self._opening = self._flying = self._peak = self._throttled = self._redelivered = 0

    def run(self) -> Result:
        for when, workers in self._world.kills:
            self._clock.after(when, partial(self._kill, workers))
        self._fill()
        self._clock.run()
        return self._result()

    def _fill(self) -> None:
        """
        Give messages to idle threads, and open moves.

        Workers take their queues in turn, so moves are opened while parts of others wait.
        """
        while self._slots and self._ready:
            worker = self._slots.popleft()
            if self._alive[worker]:
                self._begin(worker, *self._ready.popleft())
        threads = self._world.workers * self._world.threads
        while self._moves and len(self._ready) + self._opening < threads:
            move = self._moves.popleft()
            self._opening += move.cap
            before = min(2, move.requests) * self._world.timing.latency
            self._clock.after(before, partial(self._open, Running(move)))

    def _open(self, running: Running) -> None:
        self._opening -= running.move.cap
        for _ in range(min(running.move.cap, running.move.parts)):
            self._publish(running)
        self._fill()

    def _publish(self, running: Running) -> None:
        running.issued += 1
        self._ready.append((running, 0))

    def _begin(self, worker: int, running: Running, strikes: int) -> None:
        """Claim a part."""
        then = partial(self._claimed, worker, running, strikes, self._clock.now)
        self._redis.work(self._world.costs.redis / 2, then)

    def _claimed(self, worker: int, running: Running, strikes: int, begun: float) -> None:
        rate, number = self._world.rate, running.move.prefix
        prefix = self._prefixes.setdefault(number, Prefix(rate, tokens=rate))
        if prefix.flying >= prefix.limit:
            self._again(running, strikes, 0.5 + self._random.random())
            self._release(worker)
            return
        prefix.flying += 1
        then = partial(self._ask, worker, running, prefix, strikes, begun)
        self._workers[worker].work(self._world.costs.worker / 2, then)

    def _ask(
        self, worker: int, running: Running, prefix: Prefix, strikes: int, begun: float
    ) -> None:
        """Ask S3 to copy it."""
        timing = self._world.timing
        if not prefix.admits(self._clock.now):
            prefix.flying -= 1
            self._throttled += 1
            pause = min(30, 0.5 * 2**strikes) * (0.5 + self._random.random())
            self._again(running, strikes + 1, timing.latency + pause)
            self._clock.after(timing.latency, partial(self._release, worker))
            return
        self._flying += 1
        self._peak = max(self._peak, self._flying)
        then = partial(self._landed, worker, running, prefix, begun)
        self._clock.after(timing.of_copy(running.move.size), then)

    def _again(self, running: Running, strikes: int, pause: float) -> None:
        """Have the message come again after its pause; it holds no thread meanwhile."""
        self._clock.after(pause, partial(self._return, running, strikes))

    def _return(self, running: Running, strikes: int = 0) -> None:
        self._ready.append((running, strikes))
        self._fill()

    def _landed(self, worker: int, running: Running, prefix: Prefix, begun: float) -> None:
        prefix.flying -= 1
        self._flying -= 1
        if not self._alive[worker]:  # its message is delivered again, to another
            self._redelivered += 1
            due = begun + self._world.visibility - self._clock.now
            self._again(running, 0, max(0, due))
            return
        prefix.went_well()
        costs, ended = self._world.costs, partial(self._ended, worker, running)
        advance = partial(self._redis.work, costs.redis / 2, ended)
        finish = partial(self._workers[worker].work, costs.worker / 2, advance)
        self._store.work(costs.store, finish)

    def _ended(self, worker: int, running: Running) -> None:
        running.done += 1
        if running.issued < running.move.parts:
            self._publish(running)
        if running.done == running.move.parts:
            after = max(0, running.move.requests - 2) * self._world.timing.latency
            self._last = max(self._last, self._clock.now + after)
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
