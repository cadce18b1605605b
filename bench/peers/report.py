"""The table and the picture of what was measured."""

from __future__ import annotations

import json
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING

from bench.peers.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEAD = "| mover | seconds, median | least to most | {limit}CPU s | runs |\n"
RULE = "| --- | ---: | ---: | {limit}---: | ---: |\n"


def save(runs: Sequence[Run], file: Path) -> None:
    """Write the runs, one a line; those of the same work are replaced."""
    works = {run.work for run in runs}
    kept = [run for run in load(file) if run.work not in works]
    lines = [json.dumps(asdict(run)) + "\n" for run in (*kept, *runs)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(lines))


def load(file: Path) -> list[Run]:
    if not file.exists():
        return []
    return [Run(**json.loads(line)) for line in file.read_text().splitlines()]


def table(runs: Sequence[Run], limit: float | None) -> str:
    """Return the runs of one work as Markdown, the quickest mover first."""
    rows = sorted(by_mover(runs).items(), key=lambda row: median(r.seconds for r in row[1]))
    column = "x the limit | " if limit else ""
    text = HEAD.format(limit=column) + RULE.format(limit="---: | " if limit else "")
    for mover, found in rows:
        seconds = [run.seconds for run in found]
        middle = median(seconds)
        share = f"{middle / limit:.2f} | " if limit else ""
        text += (
            f"| {mover} | {middle:.2f} | {min(seconds):.2f} to {max(seconds):.2f} | {share}"
            f"{median(run.cpu for run in found):.2f} | {len(found)} |\n"
        )
    return text


def by_mover(runs: Sequence[Run]) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(run.mover, []).append(run)
    return found


def draw(runs: Sequence[Run], limit: float | None, file: Path) -> None:
    """Draw one work as bars, ours in another colour, the limit as a line."""
    import matplotlib as mpl  # noqa: PLC0415  # only `make bench` has it
    from matplotlib import pyplot as plt  # noqa: PLC0415

    mpl.rcParams["svg.hashsalt"] = "s3mover"  # the same picture is the same file
    found = by_mover(runs)
    movers = sorted(found, key=lambda mover: -median(r.seconds for r in found[mover]))
    middles = [median(run.seconds for run in found[mover]) for mover in movers]
    figure, axes = plt.subplots(figsize=(8, 0.45 * len(movers) + 1.2), layout="constrained")
    colours = ["#1f6feb" if mover.startswith("s3mover") else "#afb8c1" for mover in movers]
    bars = axes.barh(movers, middles, color=colours)
    axes.bar_label(bars, fmt="%.2f s", padding=4)
    axes.margins(x=0.12)
    axes.set_title(f"{runs[0].work}: seconds, median")
    if limit:
        axes.axvline(limit, color="#d1242f", linestyle="--", label=f"limit {limit:.2f} s")
        axes.legend(loc="upper right")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
