"""Our own movers on a work: a warm fleet, and bare thread pools as what there is to lose to one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bench import bare, fleet
from bench.peers import threads
from bench.peers.run import Run, check
from bench.peers.work import SOURCE, TARGET
from s3mover import Mover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.model import ModelS3
    from bench.peers.work import Work
    from worker.fleet import Fleet

ROOT = Path(__file__).parents[2]
LONGEST = 3600.0  # seconds that one run of a fleet may take
BARE = "boto3, a thread pool"


@contextmanager
def warm(work: Work, model: ModelS3, workers: int) -> Iterator[Fleet]:
    """
    Start a fleet that copies `cap` at once in all, as the tuned peers do.

    Of a prefix that is what its threads bound together. Of one object the move's own cap does,
    and each worker has a few threads more, for what is no part.
    """
    each = -(-work.cap // workers)
    threads_each = each if work.is_prefix else max(8, each + 4)
    with fleet.warm(model, workers=workers, threads=threads_each) as ours:
        yield ours


def by_fleet(work: Work, model: ModelS3, ours: Fleet, name: str) -> Run:
    """Move the work with a warm fleet, from the request to its record `done`."""
    work.put(model, name)
    mover, before, valkey = Mover(ours.valkey.url), fleet.cpu(ours), fleet.cpu_of(ours.valkey.pid)
    source, target = (f"s3://{model.bucket}/{end}/{name}" for end in (SOURCE, TARGET))
    begun = time.monotonic()
    if work.is_prefix:
        move = mover.move_prefix(f"{source}/", f"{target}/")
        error = mover.prefixes.wait(move, timeout=LONGEST).error
    else:
        chosen = {
            "multipartcopychunksize": work.part,
            "multipartcopymaxconcurrency": work.cap,
        }
        move = mover.move(source, target, **chosen)  # type: ignore[arg-type]  # by their names
        error = mover.wait(move, timeout=LONGEST).error
    seconds = time.monotonic() - begun
    check(work, model, name, str(error))
    used, theirs = fleet.cpu(ours) - before, fleet.cpu_of(ours.valkey.pid) - valkey
    return Run("", label(len(ours.workers)), seconds, used, valkey=theirs)


def label(workers: int) -> str:
    return f"s3mover, {workers} worker{'s' if workers > 1 else ''}"


def by_bare(work: Work, model: ModelS3, name: str) -> Run:
    """Move the work with boto3 and `cap` threads in a process of its own."""
    work.put(model, name)
    source, target = f"{SOURCE}/{name}", f"{TARGET}/{name}"
    job: bare.Job | threads.Job
    if work.is_prefix:
        ends = f"{source}/", f"{target}/"
        job = threads.Job(model.endpoint, model.bucket, *ends, work.cap, work.part)
    else:
        place = model.endpoint, model.bucket, source, target
        job = bare.Job(*place, work.size, work.part, work.cap)
    found = bare_run(job)
    check(work, model, name, BARE)
    return Run("", BARE, found.seconds, found.cpu)


def bare_run(job: bare.Job | threads.Job) -> bare.Run:
    """Run a thread pool as a process of its own, and return what it says of itself."""
    module = type(job).__module__
    command = [sys.executable, "-m", module, json.dumps(asdict(job))]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  # our own
    return bare.Run(**json.loads(answer.stdout))
