"""Whether twice the workers take half the time, where the time is S3's: copies of a second each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench import fleet
from bench.model import ModelS3, Timing
from bench.peers.work import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SLOW = Timing(bandwidth=1e15, copy_latency=1.0)
COUNTS = (1, 2, 4)
THREADS, PARTS, PART = 16, 1_024, 5 * MIB


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds of the same move by so many workers, the median of some runs."""

    workers: int
    seconds: float
    runs: int


def measure(runs: int) -> Iterator[Time]:
    """Yield the time of each fleet, whose copies at once grow with its workers."""
    for count in COUNTS:
        with ModelS3(SLOW) as model, fleet.warm(model, workers=count, threads=THREADS) as those:
            taken = [
                fleet.move(
                    those,
                    model,
                    size=PARTS * PART,
                    multipartcopychunksize=PART,
                    multipartcopymaxconcurrency=count * THREADS,
                )
                for _ in range(runs)
            ]
        yield Time(count, median(taken), runs)


def efficiency(time: Time, alone: Time) -> float:
    """Return the share of its workers that a fleet makes use of, by the time of one worker."""
    return alone.seconds / (time.workers * time.seconds)


def keep(times: Sequence[Time], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(asdict(time)) + "\n" for time in times))


def table(times: Sequence[Time]) -> str:
    """Return the times as Markdown, with what is made of the workers."""
    text = "| workers | seconds, median | efficiency | runs |\n| ---: | ---: | ---: | ---: |\n"
    for time in times:
        share = 100 * efficiency(time, times[0])
        text += f"| {time.workers} | {time.seconds:.2f} | {share:.0f} % | {time.runs} |\n"
    return text


def section(into: Path) -> str:
    """Return what the page says of it; empty if it was not measured."""
    file = into / "workers.jsonl"
    if not file.exists():
        return ""
    times = [Time(**json.loads(line)) for line in file.read_text().splitlines()]
    head = "## Twice the workers, twice the copies at once"
    what = f'{PARTS:,} copies of 1 s, {THREADS} threads a worker (`make bench ARGS="workers"`).'
    return f"\n{head}\n\n{what}\n\n{table(times)}"
