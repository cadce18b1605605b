"""The pictures of what was measured: SVG, dark text on nothing, legible where pages are white."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.peers.report import by_mover, middle
from bench.peers.work import WORKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.peers.run import Run
    from bench.peers.work import Work

OURS, THEIRS, LIMIT = "#1f6feb", "#afb8c1", "#d1242f"


def bars(runs: Sequence[Run], work: Work, file: Path) -> None:
    """Draw one work: a bar a mover, ours in another colour, the limit as a line."""
    found = by_mover(runs)
    movers = sorted(found, key=lambda mover: -middle(found[mover]))
    figure, axes = _figure(8, 0.42 * len(movers) + 1.5)
    colours = [OURS if mover.startswith("s3mover") else THEIRS for mover in movers]
    middles = [middle(found[mover]) for mover in movers]
    drawn = axes.barh(movers, middles, color=colours)
    scale = ""
    # What is ten times as slow as the others would leave nothing of their bars to see.
    if max(middles) > 8 * min(middles):
        scale = ", on a logarithmic scale"
        axes.set_xscale("log")
        axes.set_xlim(min(work.limit(), *middles) / 1.5, max(middles) * 2)
    axes.bar_label(drawn, labels=[_seconds(found[mover]) for mover in movers], padding=4)
    axes.axvline(
        work.limit(),
        color=LIMIT,
        linestyle="--",
        label=f"limit of {work.cap} at once, {work.limit():.2f} s",
    )
    axes.set_title(f"{work.name}: seconds, median{scale}")
    figure.legend(loc="outside lower right", frameon=False)
    _save(figure, file)


def scaling(runs: Sequence[Run], file: Path) -> None:
    """Draw the fleets' times over the limit, by their workers, one line a work."""
    figure, axes = _figure(6, 4)
    for key, work in WORKS.items():
        found = by_mover([run for run in runs if run.work == key])
        points = [
            (int(mover.split()[1]), middle(those) / work.limit())
            for mover, those in found.items()
            if mover.startswith("s3mover")
        ]
        if points:
            axes.plot(*zip(*sorted(points), strict=True), marker="o", label=work.name)
    axes.axhline(1, color=LIMIT, linestyle="--", label="the limit")
    _scale(axes, "workers, the same number of copies at once", "times the limit")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(bottom=0)
    _save(figure, file)


def costs(lines: dict[str, list[tuple[int, float]]], what: str, file: Path) -> None:
    """Draw CPU milliseconds over the count of parts or objects, one line a mover."""
    figure, axes = _figure(6, 4)
    for mover, points in lines.items():
        own = {"color": OURS if mover.startswith("s3mover") else "#6e7781"}
        axes.plot(*zip(*points, strict=True), marker="o", label=mover, **own)
    _scale(axes, f"{what}s of a move", f"CPU ms, each {what}")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    _save(figure, file)


def hours(found: dict[str, float], file: Path) -> None:
    """Draw hours of simulated moves, a bar each, in their order."""
    figure, axes = _figure(8, 0.4 * len(found) + 1)
    names = list(found)[::-1]
    drawn = axes.barh(names, [found[name] for name in names], color=OURS)
    axes.set_xscale("log")
    axes.set_xlim(right=2 * max(found.values()))
    axes.bar_label(drawn, fmt="%.2f h", padding=4)
    axes.set_title("1 PB by 1,000 workers, simulated: hours")
    _save(figure, file)


def _seconds(runs: Sequence[Run]) -> str:
    return f"> {middle(runs):.0f} s" if runs[0].is_cut else f"{middle(runs):.2f} s"


def _figure(width: float, height: float) -> tuple[Any, Any]:
    import matplotlib as mpl  # noqa: PLC0415  # only `make bench` has it
    from matplotlib import pyplot as plt  # noqa: PLC0415

    mpl.rcParams["svg.hashsalt"] = "s3mover"  # the same picture is the same file
    drawn: tuple[Any, Any] = plt.subplots(figsize=(width, height), layout="constrained")
    return drawn


def _scale(axes: Any, x: str, y: str) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.figure.legend(loc="outside lower center", ncols=2, frameon=False)


def _save(figure: Any, file: Path) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
