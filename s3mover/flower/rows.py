"""A move as a row of the tab: pure functions from a record and its pace to texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from s3mover import State
from s3mover.amounts import duration_text, size_text
from s3mover.cli.output import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s3mover import MoveError, MoveRecord
    from s3mover.rate import Pace

FILTERS = {
    "": tuple(State),
    "running": tuple(state for state in State if not state.final),
    "done": (State.DONE,),
    "failed": (State.FAILED,),
    "cancelled": (State.CANCELLED,),
}
"""What can be asked for, and the states that it means."""

PAGE = 25

# Classes of Flower's own style sheet; a state that is not here is one that runs.
_COLORS = {
    State.QUEUED: "text-bg-secondary",
    State.DONE: "text-bg-success",
    State.FAILED: "text-bg-danger",
    State.CANCELLED: "text-bg-warning",
}
_RUNNING = "task-state-started"


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a move; an empty one is not known, or would say nothing."""

    id: str
    phase: str
    color: str
    source: str
    destination: str
    percent: int | None
    bytes: str
    parts: str
    rate: str
    left: str
    retries: int
    trouble: str
    failed: bool
    created: str
    can_cancel: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a viewer wants to see."""

    state: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """What a viewer gets to see, of so many moves that match."""

    records: Sequence[MoveRecord]
    number: int
    first: int
    last: int
    total: int


def page(records: Sequence[MoveRecord], asked: Asked) -> Page:
    """Return one page of the moves that match, the last one if there are not so many."""
    states = FILTERS.get(asked.state, ())
    found = [r for r in records if r.state in states and matches(r, asked.text.casefold())]
    number = max(1, min(asked.page, -(-len(found) // PAGE)))
    start = (number - 1) * PAGE
    some = found[start : start + PAGE]
    return Page(some, number, start + 1 if some else 0, start + len(some), len(found))


def matches(record: MoveRecord, text: str) -> bool:
    """Tell whether the id, a location or the error has the text; it is in small letters."""
    error = f"{record.error.code}: {record.error.message}" if record.error else ""
    texts = record.id, record.source, record.destination, error
    return any(text in each.casefold() for each in texts)


def row(record: MoveRecord, pace: Pace) -> Row:
    """Return the texts of a move."""
    is_running = not record.state.final and record.state is not State.QUEUED
    rate = pace.bytes_per_second
    left = pace.seconds_left(record.size) if record.state is State.COPYING else None
    return Row(
        id=record.id,
        phase=phase(record),
        color=_COLORS.get(record.state, _RUNNING),
        source=printable(record.source),
        destination=printable(record.destination),
        percent=percent(record),
        bytes=_bytes(record),
        parts=_parts(record),
        rate=f"{size_text(rate)}/s" if rate and (is_running or record.state is State.DONE) else "",
        left=duration_text(left) if left and is_running else "",
        retries=record.retries,
        trouble=trouble(record),
        failed=record.error is not None,
        created=f"{record.created_at:%Y-%m-%d %H:%M:%S} UTC",
        can_cancel=not record.state.final and not record.stopping,
    )


def phase(record: MoveRecord) -> str:
    if record.state.final or not record.stopping:
        return record.state.value
    return "cancelling" if record.stopping == "cancelled" else "failing"


def percent(record: MoveRecord) -> int | None:
    """Return how much is copied; None while nobody can know."""
    if record.state is State.DONE:
        return 100
    if record.size is None or (record.state is State.COPYING and not record.parts_total):
        return 0 if record.state.final or record.state is State.QUEUED else None
    return 100 * record.bytes_done // record.size if record.size else 100


def trouble(record: MoveRecord) -> str:
    """Say why a move has failed, or what one that runs is up against."""
    if record.error:
        return _say(record.error)
    return _say(record.troubles[0]) if record.troubles and not record.state.final else ""


def _say(error: MoveError) -> str:
    part = f"part {error.part}: " if error.part else ""
    return printable(f"{part}{error.code}: {error.message}")


def _bytes(record: MoveRecord) -> str:
    if record.size is None:
        return ""
    size = size_text(record.size)
    return size if record.state is State.DONE else f"{size_text(record.bytes_done)} of {size}"


def _parts(record: MoveRecord) -> str:
    return f"{record.parts_done} of {record.parts_total}" if record.parts_total else ""
