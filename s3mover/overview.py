"""All moves at a glance, in one round trip to Redis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from s3mover.contract import State
from s3mover.journal import to_record
from s3mover.prefix_journal import to_record as to_prefix_record
from s3mover.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redis import Redis

    from s3mover.contract import MoveRecord
    from s3mover.prefix_contract import PrefixRecord

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

    prefixes: Sequence[PrefixRecord] = ()
    """Moves of prefixes that have not ended, the oldest first; then the last that have."""


def look(redis: Redis, limit: int, depth: int = DEPTH) -> Overview:
    """Return what is to be seen now, with so many records at most."""
    now, active, states, records, prefixes = _OVERVIEW(redis, limit, depth)
    counts = {State(state): int(count) for state, count in _pairs(states)}
    return Overview(
        at=datetime.fromtimestamp(float(now), UTC),
        active=int(active),
        states={state: counts[state] for state in State if state in counts},
        records=list(_records(records)),
        prefixes=sorted(_prefixes(prefixes), key=_place)[:limit],
    )


def _records(flat: Sequence[Any]) -> Iterator[MoveRecord]:
    for move_id, parts_done, fields in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        yield to_record(move_id, dict(_pairs(fields)), int(parts_done))


def _prefixes(flat: Sequence[Any]) -> Iterator[PrefixRecord]:
    each = zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True)
    for prefix_id, fields, troubles, pages in each:
        yield to_prefix_record(prefix_id, dict(_pairs(fields)), dict(_pairs(troubles)), int(pages))


def _place(record: PrefixRecord) -> tuple[bool, float, str]:
    ended = record.finished_at or record.created_at
    time = -ended.timestamp() if record.state.final else record.created_at.timestamp()
    return record.state.final, time, record.id


def _pairs(flat: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(flat[::2], flat[1::2], strict=True)
