"""What `top` says of moves of prefixes: the headline, and the cells of a row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from s3mover import PrefixState
from s3mover.amounts import rate_text, size_text, time_text
from s3mover.cli.prefix_output import objects_text, troubles
from s3mover.cli.tables import aligned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from s3mover import PrefixRecord
    from s3mover.snapshot import PrefixLine

PLAIN = (
    "ID", "STATE", "DONE", "OBJECTS", "FAILED", "SKIPPED", "BYTES", "RATE", "BYTES/S", "ETA",
    "SOURCE", "DESTINATION", "TROUBLE",
)  # fmt: skip


def plain(lines: Sequence[PrefixLine]) -> str:
    """Return the table for a file or a pipe, never shortened."""
    rows = [[cells(line)[name] for name in PLAIN] for line in lines]
    return f"{headline(lines)}\n{aligned([PLAIN, *rows])}"


def headline(lines: Sequence[PrefixLine]) -> str:
    """Return how many are in which state, and the objects of all a second."""
    states = Counter(phase(line.move) for line in lines)
    counted = ", ".join(f"{count} {state}" for state, count in states.items())
    rate = sum(line.rate or 0 for line in lines)
    return f"prefixes: {counted}" + (f"; {rate:.0f} objects/s" if rate else "")


def cells(line: PrefixLine) -> Mapping[str, str]:
    """Return the texts of a row, by the names of their columns."""
    move = line.move
    ended = "" if move.state.final else "-"
    return {
        "ID": move.id,
        "STATE": phase(move),
        "DONE": f"{percent(move)}%" if move.listed else "-",
        "OBJECTS": objects_text(move),
        "FAILED": str(move.failed) if move.failed else "-",
        "SKIPPED": str(move.skipped) if move.skipped else "-",
        "BYTES": size_text(move.moved_bytes),
        "RATE": ended if line.rate is None else f"{line.rate:.0f}/s",
        "BYTES/S": ended if line.bytes_rate is None else rate_text(line.bytes_rate),
        "ETA": ended if line.eta is None else time_text(line.eta),
        "SOURCE": move.source,
        "DESTINATION": move.destination,
        "TROUBLE": trouble(move),
    }


def percent(move: PrefixRecord) -> int:
    """Return how much of what was found is copied or has ended."""
    return 100 * move.progress // move.found if move.found else 100


def phase(move: PrefixRecord) -> str:
    return "stopping" if move.stopping and not move.state.final else move.state.value


def trouble(move: PrefixRecord) -> str:
    """Say why the whole has failed, or else the most frequent reason of its objects."""
    if move.state is PrefixState.FAILED and move.error:
        return f"{move.error.code}: {move.error.message}"
    return next(iter(troubles(move)), "")
