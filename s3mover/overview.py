"""All moves at a glance, in one round trip to Redis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from s3mover.contract import State
from s3mover.journal import to_record
from s3mover.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redis import Redis

    from s3mover.contract import MoveRecord

DEPTH = 1000
"""Moves that are counted: so many active ones, and so many of the youngest; 2 ms of Redis."""

_OVERVIEW = Script("s3mover", "overview")


@dataclass(frozen=True, slots=True)
class Overview:
    """How many moves are in which state, and the records of those to look at first."""

    at: datetime
    """By the clock of Redis, as the times of the records are."""

    active: int
    """All moves that have not ended, counted or not."""

    states: Mapping[State, int]
    """Of the moves that were counted."""

    records: Sequence[MoveRecord]
    """Active moves, the oldest first and queued ones last; then the last that have ended."""


def look(redis: Redis, limit: int, depth: int = DEPTH) -> Overview:
    """Return what is to be seen now, with so many records at most."""
    now, active, states, records = _OVERVIEW(redis, limit, depth)
    counts = {State(state): int(count) for state, count in _pairs(states)}
    return Overview(
        at=datetime.fromtimestamp(float(now), UTC),
        active=int(active),
        states={state: counts[state] for state in State if state in counts},
        records=list(_records(records)),
    )


def _records(flat: Sequence[Any]) -> Iterator[MoveRecord]:
    for move_id, parts_done, fields in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        yield to_record(move_id, dict(_pairs(fields)), int(parts_done))


def _pairs(flat: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(flat[::2], flat[1::2], strict=True)
