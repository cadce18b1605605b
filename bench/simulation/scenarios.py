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
    """A petabyte, of which one part in `share` is simulated."""

    name: str
    world: World
    moves: tuple[Move, ...]
    share: int = 1

    def run(self) -> Result:
        return Simulation(self.world, self.moves).run()


def scenarios(part: Costs, small: Costs) -> list[Scenario]:
    """Return what is looked at, with the measured costs of a part and of a small object."""
    many = World(1000, 32, part, rate=RATE)
    batch = replace(many, costs=small)
    half = replace(many, kills=((300.0, 500),))
    return [
        _large("objects of 5 TiB, cap 100", many, cap=100),
        _large("objects of 5 TiB, cap 200", many, cap=200),
        _large("the same, half of the workers die after 300 s", half, cap=200, share=1),
        _middling("objects of 1 GiB, parts of 16 MiB, 1 prefix", many, 16 * MIB, 1),
        _middling("the same, 100 prefixes", many, 16 * MIB, 100),
        _middling("the same, parts of 64 MiB", many, 64 * MIB, 100),
        _middling("the same, ten brokers", _sharded(many, 10), 64 * MIB, 100),
        _small("10^9 objects of 1 MB, 1 prefix", batch, 1),
        _small("the same, 100 prefixes, a move each", batch, 100),
        _small("the same, 1,000 prefixes", batch, 1000),
    ]


def _sharded(world: World, brokers: int) -> World:
    """Ten brokers of a tenth of the moves each are as one that is ten times as fast."""
    return replace(world, costs=replace(world.costs, redis=world.costs.redis / brokers))


def _large(name: str, world: World, cap: int, share: int = 10) -> Scenario:
    part = -(-5 * TIB // 10_000)
    moves = tuple(Move(10_000 // share, part, cap, prefix=n) for n in range(round(PB / (5 * TIB))))
    return Scenario(name, world, moves, share)


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
