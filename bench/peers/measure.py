"""All movers on one work, several times, in one run."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bench.model import ModelS3
from bench.peers import ours
from bench.peers.commands import can_move, commands
from bench.peers.run import run
from bench.peers.work import SOURCE, TARGET, WORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from bench.peers.run import Run
    from bench.peers.work import Work

SLOW = 5.0
"""Times the limit: a peer above that is run once."""


def movers(workers: tuple[int, ...], work: Work) -> list[str]:
    """Return the names of all that can move this work."""
    with_commands = [command.peer for command in commands(work, ModelS3(), "")]
    able = [peer for peer in with_commands if can_move(peer, work)]
    return [*able, ours.BARE, *(ours.label(count) for count in workers)]


def measure(
    key: str,
    *,
    runs: int,
    workers: tuple[int, ...],
    budget: float,
    skipped: Collection[str] = (),
) -> Iterator[Run]:
    """
    Yield each run: the peers in turn, so that a slow minute is everybody's, then the fleets.

    A mover is run again while its runs have taken less than `budget` seconds, and once only if it
    is slow; a peer is ended after three times the limit, or a minute.
    """
    work = WORKS[key]
    with ModelS3(work.timing) as model:
        yield from _in_turn(
            work, model, key, _peers(work, model, skipped), runs=runs, budget=budget
        )
        for count in workers:
            if ours.label(count) in skipped:
                continue
            with ExitStack() as stack:
                fleet = stack.enter_context(ours.warm(work, model, count))
                mover: dict[str, Callable[[str], Run]]
                mover = {ours.label(count): partial(ours.by_fleet, work, model, fleet)}
                yield from _in_turn(work, model, key, mover, runs=runs, budget=budget)


def _peers(work: Work, model: ModelS3, skipped: Collection[str]) -> dict[str, Callable[[str], Run]]:
    longest = max(60.0, 3 * work.limit())

    def by_peer(number: int, name: str) -> Run:
        return run(work, model, commands(work, model, name)[number], name, longest)

    found: dict[str, Callable[[str], Run]] = {
        command.peer: partial(by_peer, number)
        for number, command in enumerate(commands(work, model, ""))
        if can_move(command.peer, work)
    }
    found[ours.BARE] = partial(ours.by_bare, work, model)
    return {mover: call for mover, call in found.items() if mover not in skipped}


def _in_turn(
    work: Work,
    model: ModelS3,
    key: str,
    all_movers: dict[str, Callable[[str], Run]],
    *,
    runs: int,
    budget: float,
) -> Iterator[Run]:
    spent = dict.fromkeys(all_movers, 0.0)
    for number in range(runs):
        for mover, call in all_movers.items():
            if number and spent[mover] + spent[mover] / number > budget:
                continue
            found = _observed(model, key, partial(call, f"{number}-{time.time_ns()}"))
            is_slow = found.is_cut or found.seconds > SLOW * work.limit()
            spent[mover] += budget if is_slow else found.seconds
            yield found


def _observed(model: ModelS3, key: str, call: Callable[[], Run]) -> Run:
    """Return a run with what it has cost the model, which is empty after it."""
    model.reset()
    found = call()
    stats = model.stats()
    for end in (SOURCE, TARGET):
        model.clear(f"{end}/")
    return replace(
        found,
        work=key,
        model=stats["cpu_seconds"],
        requests=sum(stats["requests"].values()),
        late=stats["late"]["mean"],
        date=datetime.now(UTC).date().isoformat(),
    )
