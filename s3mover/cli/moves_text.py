"""What `top` says of the moves of a snapshot: the headline, and the cells of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3mover import State
from s3mover.amounts import amount_text, rate_text, size_text, time_text
from s3mover.cli import prefixes_text
from s3mover.cli.output import last_trouble
from s3mover.cli.tables import aligned, progress_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from s3mover import MoveRecord
    from s3mover.snapshot import MoveLine, Snapshot

PLAIN = (
    "ID", "STATE", "DONE", "BYTES", "RATE", "ETA", "PARTS", "RETRIES", "SOURCE", "DESTINATION",
    "TROUBLE",
)  # fmt: skip


def plain(snapshot: Snapshot) -> str:
    """Return all of it for a file or a pipe: never shortened, what reads it may be grep."""
    rows = [[cells(line)[name] for name in PLAIN] for line in snapshot.moves]
    prefixes = [prefixes_text.plain(snapshot.prefixes), ""] if snapshot.prefixes else []
    return "\n".join([*headline(snapshot), "", *prefixes, aligned([PLAIN, *rows])])


def headline(snapshot: Snapshot) -> tuple[str, str]:
    """Return the totals: of active moves, and of those that have ended."""
    active = _counted(snapshot.states, final=False)
    ended = _counted(snapshot.states, final=True)
    rate = f"; {rate_text(snapshot.rate)}" if snapshot.rate is not None else ""
    return (
        f"{snapshot.active} active{': ' if active else ''}{active}{rate}",
        f"ended: {ended or 'none'}",
    )


def cells(line: MoveLine) -> Mapping[str, str]:
    """Return the texts of a row, by the names of their columns."""
    move = line.move
    ended = "" if move.state.final else "-"
    return {
        "ID": move.id,
        "STATE": phase(move),
        "DONE": progress_text(move),
        "SIZE": "-" if move.size is None else size_text(move.size),
        "BYTES": "-" if move.size is None else amount_text(move.bytes_done, move.size),
        "RATE": ended if line.rate is None else rate_text(line.rate),
        "ETA": ended if line.eta is None else time_text(line.eta),
        "PARTS": f"{move.parts_done}/{move.parts_total}" if move.parts_total else "-",
        "RETRIES": str(move.retries) if move.retries else "-",
        "SOURCE": move.source,
        "DESTINATION": move.destination,
        "TROUBLE": trouble(move),
    }


def phase(move: MoveRecord) -> str:
    return "stopping" if move.stopping and not move.state.final else move.state.value


def trouble(move: MoveRecord) -> str:
    """Say what a move is up against, or why it has failed."""
    if move.state is State.FAILED and move.error:
        part = f", part {move.error.part}" if move.error.part else ""
        return f"{move.error.code}{part}: {move.error.message}"
    return "" if move.state.final else last_trouble(move)


def _counted(states: Mapping[State, int], *, final: bool) -> str:
    return ", ".join(f"{n} {state}" for state, n in states.items() if state.final is final)
