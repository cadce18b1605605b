"""1,000 workers and 1 PB: as large objects, as objects of 1 GiB, as small ones; and what helps."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from bench.peers.work import GIB, MIB, TIB
from bench.simulation.run import Simulation
from bench.simulation.world import Costs, Move, Result, World

PB = 10**15
RATE = 3500.0
"""Writes a second below one partitioned prefix (S3 user guide, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A petabyte, of which `1/share` is simulated; seconds are for all of it."""

    name: str
    world: World
    moves: tuple[Move, ...]
    share: int = 1
    kills: int = 0

    def run(self) -> Result:
        return Simulation(self.world, self.moves).run()


def scenarios(part: Costs, small: Costs) -> list[Scenario]:
    """Return what is looked at, with the measured costs of a part and of a small object."""
    many = World(1000, 32, part, rate=RATE)
    batch = replace(many, costs=small)
    half = replace(many, kills=((300.0, 500),))
    return [
        _large("182 objects of 5 TiB, cap 100", many, cap=100),
        _large("the same, cap 200", many, cap=200),
        _large("the same, cap 200, half of the workers die after 300 s", half, cap=200),
        _middling("1 GiB objects in 16 MiB parts, one prefix", many, 16 * MIB, 1),
        _middling("the same over 100 prefixes", many, 16 * MIB, 100),
        _middling("the same in 64 MiB parts", many, 64 * MIB, 100),
        _middling("the same, and ten brokers", _sharded(many, 10), 64 * MIB, 100),
        _small("10^9 objects of 1 MB, one prefix", batch, 1),
        _small("the same below 100 prefixes, a move each", batch, 100),
        _small("the same below 1,000 prefixes", batch, 1000),
    ]


def _sharded(world: World, brokers: int) -> World:
    """Ten brokers of a tenth of the moves each are as one that is ten times as fast."""
    return replace(world, costs=replace(world.costs, redis=world.costs.redis / brokers))


def _large(name: str, world: World, cap: int) -> Scenario:
    part = -(-5 * TIB // 10_000)
    moves = tuple(Move(10_000, part, cap, prefix=n) for n in range(round(PB / (5 * TIB))))
    return Scenario(name, world, moves)


def _middling(name: str, world: World, part: int, prefixes: int) -> Scenario:
    count, share = round(PB / GIB), 100
    parts, where = GIB // part, random.Random(2)  # noqa: S311  # the same each time
    moves = tuple(
        Move(parts, part, min(parts, 100), prefix=where.randrange(prefixes))
        for _ in range(count // share)
    )
    return Scenario(name, world, moves, share)


def _small(name: str, world: World, prefixes: int) -> Scenario:
    # Eight pages of one move are open at once, each in one worker and its threads.
    count, share = 10**9 // 1000, 1000
    cap = 8 * world.threads
    each = max(count // prefixes, 1)
    moves = tuple(Move(each, 10**6, cap, prefix=n, requests=3) for n in range(prefixes))
    return Scenario(name, world, moves, share)
