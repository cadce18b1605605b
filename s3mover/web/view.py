"""A move as a person reads it: the texts that the page shows, whoever fills them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from s3mover.amounts import duration_text, size_text
from s3mover.cli.output import counted, printable
from s3mover.contract import State

if TYPE_CHECKING:
    from s3mover.contract import MoveError, MoveRecord
    from s3mover.rate import Pace

View = dict[str, Any]

FACTS = ("bytes", "rate", "left", "parts", "workers", "retries", "proof")
"""What stands in the line below the bar, where it is known."""

NOTHING: View = {
    "id": "", "state": "", "phase": "", "source": "", "destination": "", "bytes": "", "rate": "",
    "left": "", "parts": "", "retries": "", "workers": "", "created": "", "error": "", "lost": "",
    "proof": "", "percent": None, "cancellable": False, "troubles": [],
}  # fmt: skip
"""The view of no move, which the page's script fills in."""


def view(record: MoveRecord, pace: Pace) -> View:
    """Return the texts of a move; an empty one is not shown."""
    active = not record.state.final
    rate = pace.bytes_per_second
    left = pace.seconds_left(record.size) if record.state is State.COPYING else None
    return {
        "id": record.id,
        "state": "stopping" if record.stopping else record.state.value,
        "phase": _phase(record),
        "source": printable(record.source),
        "destination": printable(record.destination),
        "percent": percent(record),
        "bytes": _bytes(record),
        "rate": f"{size_text(rate)}/s" if rate and rate >= 1 else "",
        "left": f"{duration_text(left)} left" if left else "",
        "parts": _parts(record),
        "retries": _retries(record.retries),
        "workers": counted(len(record.workers), "worker") if record.workers else "",
        "created": f"{record.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "error": _trouble(record.error) if record.error else "",
        "troubles": [_trouble(each) for each in record.troubles] if active else [],
        "lost": printable("; ".join(record.lost)),
        "proof": _proof(record),
        "cancellable": active and not record.stopping,
    }


def percent(record: MoveRecord) -> int | None:
    """Return how much is copied; None while nobody can know."""
    if record.state is State.DONE or record.size == 0:
        return 100
    if record.size is None or (record.parts_total == 0 and record.state is State.COPYING):
        return 0 if record.state.final or record.state is State.QUEUED else None
    return 100 * record.bytes_done // record.size


def _phase(record: MoveRecord) -> str:
    if record.stopping == "cancelled":
        return "cancelling"
    return "giving up" if record.stopping else record.state.value


def _bytes(record: MoveRecord) -> str:
    if record.size is None:
        return ""
    if record.state is State.DONE:
        return size_text(record.size)
    return f"{size_text(record.bytes_done)} of {size_text(record.size)}"


def _proof(record: MoveRecord) -> str:
    proven = record.evidence if record.state is State.DONE else None
    return f"verified by {proven.kind}" if proven else ""


def _parts(record: MoveRecord) -> str:
    if not record.parts_total:
        return ""
    return f"{record.parts_done} of {counted(record.parts_total, 'part')}"


def _retries(number: int) -> str:
    if not number:
        return ""
    return "1 retry" if number == 1 else f"{number} retries"


def _trouble(error: MoveError) -> str:
    part = f"part {error.part}: " if error.part is not None else ""
    return printable(f"{part}{error.code}: {error.message}")
