"""A warm fleet in front of the modelled S3, and what its processes use."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from redis import Redis

from s3mover import Mover, State
from worker.fleet import Fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.model import ModelS3
    from s3mover.contract import MoveOptions

TICKS = 100  # of /proc/PID/stat, a second


@contextmanager
def warm(
    model: ModelS3, *, workers: int = 2, threads: int = 32, **settings: Any
) -> Iterator[Fleet]:
    """Start a fleet and have it move something, so that its connections are open."""
    with Fleet(
        workers=workers,
        threads=threads,
        beat=False,
        seaweedfs=model,  # type: ignore[arg-type]  # a server like it
        settings=settings,
    ) as fleet:
        move(fleet, model, size=workers * threads * 2 * (5 << 20), multipartcopychunksize=5 << 20)
        yield fleet


def move(fleet: Fleet, model: ModelS3, *, size: int, **options: Unpack[MoveOptions]) -> float:
    """Move an object of `size` bytes; return the seconds from its request to its record `done`."""
    model.put("bench/source", size)
    mover = Mover(fleet.valkey.url)
    begun = time.monotonic()
    source, target = (f"s3://{model.bucket}/bench/{name}" for name in ("source", "target"))
    record = mover.wait(mover.move(source, target, **options), timeout=600)
    if record.state is not State.DONE:
        raise RuntimeError(record.error)
    return time.monotonic() - begun


def cpu(fleet: Fleet) -> float:
    """Return the CPU seconds that the workers have used since they started."""
    return sum(cpu_of(worker.pid) for worker in fleet.workers)


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def peak_of(url: str) -> Iterator[list[int]]:
    """Sample Redis' memory; the list holds the highest sample above the first."""
    redis, ended, peak = Redis.from_url(url), threading.Event(), [0]
    first = int(redis.info("memory")["used_memory"])

    def sample() -> None:
        while not ended.wait(0.02):
            peak[0] = max(peak[0], int(redis.info("memory")["used_memory"]) - first)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()
