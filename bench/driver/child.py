"""`python -m bench.driver.child NAME`: a contender; a line of JSON is a job, a line its answer."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bench.driver.jobs import Job, Place, Taken
from bench.driver.memory import Growth
from bench.driver.streams import Sink, Source

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Serve until standard input ends; the first line is the place, its answer the version."""
    place = Place(**json.loads(sys.stdin.readline()))
    store = import_module(f"bench.driver.by_{sys.argv[1]}").Store(place)
    _say(store.version)
    for line in sys.stdin:
        _say(asdict(run(store, Job(**json.loads(line)))))


def run(store: Any, job: Job) -> Taken:
    """Do the job, and measure it."""
    growth = Growth()
    call = getattr(store, job.call)
    work = _stream(call, job, growth) if job.size else _calls(call, job)
    used, begun = time.process_time(), time.perf_counter()
    work()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - used
    return Taken(seconds, cpu, growth.peak)


def _stream(call: Callable[..., object], job: Job, growth: Growth) -> Callable[[], object]:
    if job.call.startswith("write"):
        source = Source(job.size, growth.begin)
        return partial(call, job.paths[0], source)
    sink = Sink(growth.begin)

    def read() -> None:
        call(job.paths[0], sink)
        if sink.size != job.size:
            raise RuntimeError(f"{job.call} gave {sink.size} bytes of {job.size}")

    return read


def _calls(call: Callable[..., object], job: Job) -> Callable[[], object]:
    if job.threads == 1:
        return partial(_each, call, job.paths)
    shares = [job.paths[first :: job.threads] for first in range(job.threads)]

    def together() -> None:
        with ThreadPoolExecutor(job.threads) as pool:
            list(pool.map(partial(_each, call), shares))  # raises what a thread raised

    return together


def _each(call: Callable[..., object], paths: tuple[str, ...]) -> None:
    for path in paths:
        call(path)


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
