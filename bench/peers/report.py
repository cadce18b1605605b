"""The runs kept as lines of JSON, and the tables and pictures that are made of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING

from bench.peers.run import Run
from bench.peers.work import WORKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.peers.work import Work

HEAD = (
    "| mover | seconds, median | least to most | x the limit | x ours | CPU s | CPU ms {each} "
    "| model, % of a core | runs |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
)


def append(run: Run, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lines:
        lines.write(json.dumps(asdict(run)) + "\n")


def forget(file: Path, work: str, movers: Sequence[str]) -> None:
    """Drop the runs of these movers on a work, which are to be run again."""
    kept = [run for run in load(file) if run.work != work or run.mover not in movers]
    if file.exists():
        file.write_text("".join(json.dumps(asdict(run)) + "\n" for run in kept))


def load(file: Path) -> list[Run]:
    if not file.exists():
        return []
    return [Run(**json.loads(line)) for line in file.read_text().splitlines()]


def table(runs: Sequence[Run], work: Work) -> str:
    """Return the runs of one work as Markdown, the quickest mover first."""
    rows, limit = by_mover(runs), work.limit()
    own = [middle(found) for mover, found in rows.items() if mover.startswith("s3mover")]
    text = HEAD.format(each="an object" if work.is_prefix else "a part of ours")
    for mover, found in sorted(rows.items(), key=lambda row: middle(row[1])):
        seconds, is_cut = [run.seconds for run in found], found[0].is_cut
        half = middle(found)
        cells = [
            mover,
            f"> {half:.0f}" if is_cut else f"{half:.2f}",
            "ended" if is_cut else f"{min(seconds):.2f} to {max(seconds):.2f}",
            ("> " if is_cut else "") + f"{half / limit:.2f}",
            ("> " if is_cut else "") + f"{half / min(own):.2f}" if own else "",
            f"{median(run.cpu for run in found):.2f}",
            "" if is_cut else f"{1000 * median(run.cpu for run in found) / work.each:.2f}",
            f"{100 * median(run.model / run.seconds for run in found):.0f}",
            str(len(found)),
        ]
        text += f"| {' | '.join(cells)} |\n"
    return text


def middle(runs: Sequence[Run]) -> float:
    return median(run.seconds for run in runs)


def of_work(runs: Sequence[Run], key: str) -> list[Run]:
    return [run for run in runs if run.work == key]


def efficiency(runs: Sequence[Run]) -> str:
    """Return how the fleets' times fall with their workers, as Markdown."""
    text = "| work | 1 worker, s | 2 workers, s | 4 workers, s |\n| --- | ---: | ---: | ---: |\n"
    for key, work in WORKS.items():
        found = by_mover(of_work(runs, key))
        labels = ("s3mover, 1 worker", "s3mover, 2 workers", "s3mover, 4 workers")
        times = [f"{middle(found[label]):.2f}" if label in found else "" for label in labels]
        if any(times):
            text += f"| {work.name} | {' | '.join(times)} |\n"
    return text


def by_mover(runs: Sequence[Run]) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(run.mover, []).append(run)
    return found
