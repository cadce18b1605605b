"""The same work by several contenders in turn, round by round."""

from __future__ import annotations

import os
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.driver.contender import Contender
    from bench.driver.jobs import Job, Taken


@dataclass(frozen=True, slots=True)
class Runner:
    """One call of one contender, and how the table names it."""

    contender: str
    call: str
    label: str


@dataclass(frozen=True, slots=True)
class Race:
    """One kind of work; the first runner is compared with each of the others."""

    title: str
    unit: str
    amount: float
    """How much of it one job does: calls, or MB."""
    runners: Sequence[Runner]
    job: Callable[[str, str], Job]
    """Returns the job of a call, in a directory of its own."""
    prepare: str = ""
    """The call that must be made on the same paths before, not measured."""


Times = dict[Runner, list["Taken"]]


def run(race: Race, contenders: Mapping[str, Contender], rounds: int) -> Times:
    """
    Take turns, one round unmeasured before; runners whose contender is missing sit out.

    Each round another runner begins, and each finds the disk idle: none pays for what the one
    before it has left to be written.
    """
    runners = [runner for runner in race.runners if runner.contender in contenders]
    times: Times = {runner: [] for runner in runners}
    for turn in range(-1, rounds):
        first = (turn + 1) % len(runners)
        for runner in runners[first:] + runners[:first]:
            contender = contenders[runner.contender]
            directory = f"/race/{uuid4().hex}"
            if race.prepare:
                contender.take(race.job(race.prepare, directory))
            os.sync()
            taken = contender.take(race.job(runner.call, directory))
            if turn >= 0:
                times[runner].append(taken)
    return times


def table(race: Race, times: Times) -> Iterator[str]:
    """Yield its lines: medians, and ratios to the first runner, taken round by round."""
    cost = "CPU s/GB" if race.unit == "MB/s" else "CPU ms"
    yield f"{race.title:46}{race.unit:>9}{'ours/it':>9}{'range':>13}{cost:>10}"
    ours = [taken.seconds for taken in next(iter(times.values()))]
    for place, (runner, taken) in enumerate(times.items()):
        seconds = [one.seconds for one in taken]
        cpu = 1000 * median(one.cpu for one in taken) / race.amount
        rate = race.amount / median(seconds)
        ratios = [theirs / own for own, theirs in zip(ours, seconds, strict=True)]
        compared = f"{median(ratios):9.2f}{min(ratios):8.2f}-{max(ratios):.2f}"
        shown = compared if place else " " * len(compared)
        yield f"  {runner.label:44}{rate:9.1f}{shown}{cpu:10.2f}"
