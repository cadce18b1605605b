"""All movers on one work, several times, in one run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bench import bare, fleet
from bench.model import ModelS3
from bench.peers.commands import can_move, commands
from bench.peers.run import Run, check, run
from bench.peers.work import SOURCE, TARGET
from s3mover import Mover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.peers.work import Work
    from worker.fleet import Fleet

LONGEST = 3600.0  # seconds that one of our own runs may take


def measure(
    work: Work, runs: int, workers: tuple[int, ...], by_bare: Callable[..., bare.Run]
) -> Iterator[Run]:
    """Yield each run: the peers in turn, so that a slow minute is everybody's, then fleets."""
    with ModelS3() as model:
        for number in range(runs):
            for command in commands(work, model, f"peer-{number}"):
                if can_move(command.peer, work):
                    yield run(work, model, command, f"peer-{number}")
                    model.clear(TARGET)
            if not work.is_prefix:
                found = by_bare(model, work.size, work.part, threads=work.cap)
                yield Run(work.name, "boto3, a thread pool", found.seconds, found.cpu)
        for count in workers:
            threads = max(8, -(-work.cap // count) + 4)
            with fleet.warm(model, workers=count, threads=threads) as ours:
                for number in range(runs):
                    yield ours_once(work, model, ours, f"ours-{count}-{number}")
                    model.clear(TARGET)


def ours_once(work: Work, model: ModelS3, ours: Fleet, name: str) -> Run:
    """Move the work with a warm fleet, from the request to its record `done`."""
    work.put(model, name)
    mover, before = Mover(ours.valkey.url), fleet.cpu(ours)
    source, target = (f"s3://{model.bucket}/{end}/{name}" for end in (SOURCE, TARGET))
    begun = time.monotonic()
    move = mover.move(
        source,
        target,
        multipartcopychunksize=work.part,
        multipartcopymaxconcurrency=work.cap,
    )
    record = mover.wait(move, timeout=LONGEST)
    seconds = time.monotonic() - begun
    check(work, model, name, str(record.error))
    label = f"s3mover, {len(ours.workers)} worker{'s' if len(ours.workers) > 1 else ''}"
    return Run(work.name, label, seconds, fleet.cpu(ours) - before)
