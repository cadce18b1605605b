"""CPU of a part and of a small object, over their counts, beside bare boto3 in the same run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench.model import ModelS3, Timing
from bench.peers import ours, plots
from bench.peers.work import KIB, MIB, Work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.peers.run import Run

FREE = Timing(bandwidth=1e15, copy_latency=0.0, latency=0.0)
"""A store that answers at once: what is left is what the movers cost."""

COUNTS = {"part": (10, 100, 1_000, 10_000), "object": (1_000, 10_000, 100_000)}
WORKERS, CAP = 2, 64


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds of one part or object, the median of some runs."""

    what: str
    count: int
    mover: str
    cpu: float
    valkey: float
    runs: int


def work_of(what: str, count: int) -> Work:
    if what == "part":
        return Work("", ((1, count * 5 * MIB),), part=5 * MIB, cap=CAP)
    return Work("", ((count, 4 * KIB),), cap=CAP)


def measure(what: str, runs: int, most: int) -> Iterator[Cost]:
    """Yield what each count costs a fleet and bare boto3, by turns; short ones more often."""
    with ModelS3(FREE) as model, ours.warm(work_of(what, COUNTS[what][-1]), model, WORKERS) as two:
        ours.by_fleet(work_of(what, 1_000), model, two, "warm")
        for count in (count for count in COUNTS[what] if count <= most):
            work, pairs = work_of(what, count), []
            for number in range(_often(runs, count)):
                name = f"{count}-{number}"
                fleet = ours.by_fleet(work, model, two, name)
                pairs.append((fleet, ours.by_bare(work, model, f"bare-{name}")))
            for found in zip(*pairs, strict=True):
                yield _cost(what, count, found)


def _often(runs: int, count: int) -> int:
    """Ticks of /proc are 10 ms: what takes less than some of them is run until it does."""
    return max(1, min(runs, 200_000 // count)) if count > 100 else 10 * runs  # noqa: PLR2004


def _cost(what: str, count: int, runs: tuple[Run, ...]) -> Cost:
    # Of short runs the sum, as each is a few ticks; of long ones the median.
    used = [run.cpu for run in runs]
    cpu = median(used) if count > 100 else sum(used) / len(used)  # noqa: PLR2004
    valkey = sum(run.valkey for run in runs) / len(runs)
    return Cost(what, count, runs[0].mover, 1e3 * cpu / count, 1e3 * valkey / count, len(runs))


def keep(costs: list[Cost], file: Path) -> None:
    """Write costs, one a line; those of the same kind are replaced."""
    kinds = {cost.what for cost in costs}
    kept = [cost for cost in load(file) if cost.what not in kinds]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(asdict(cost)) + "\n" for cost in (*kept, *costs)))


def load(file: Path) -> list[Cost]:
    if not file.exists():
        return []
    return [Cost(**json.loads(line)) for line in file.read_text().splitlines()]


def table(costs: list[Cost]) -> str:
    """Return the costs of one kind as Markdown, with the ratio of fleet to boto3."""
    what = costs[0].what
    text = (
        f"| {what}s | s3mover, ms each | boto3 | ratio | Valkey besides, ms | runs |\n"
        "| ---: | ---: | ---: | ---: | ---: | ---: |\n"
    )
    for count in COUNTS[what]:
        pair = [cost for cost in costs if cost.count == count]
        for fleet in (cost for cost in pair if cost.mover != ours.BARE):
            for bare in (cost for cost in pair if cost.mover == ours.BARE):
                text += (
                    f"| {count:,} | {fleet.cpu:.2f} | {bare.cpu:.2f} | {fleet.cpu / bare.cpu:.2f} "
                    f"| {fleet.valkey:.2f} | {fleet.runs} |\n"
                )
    return text


def draw(costs: list[Cost], file: Path) -> None:
    lines: dict[str, list[tuple[int, float]]] = {}
    for cost in costs:
        lines.setdefault(cost.mover, []).append((cost.count, cost.cpu))
    plots.costs(lines, costs[0].what, file)


def section(into: Path) -> str:
    """Return what the page says of costs, and draw its pictures."""
    text = ""
    for what in COUNTS:
        costs = [cost for cost in load(into / "costs.jsonl") if cost.what == what]
        if costs:
            draw(costs, into / f"cost-{what}.svg")
            text += (
                f"\n## CPU of each {what}\n\nAgainst a store that answers at once, 2 workers of "
            )
            text += f"{CAP // WORKERS} threads.\n\n{table(costs)}\n![CPU](cost-{what}.svg)\n"
    return text
