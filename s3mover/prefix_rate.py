"""How fast the move of a prefix gets on: its objects and its bytes, and the time that is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from s3mover.prefix_contract import PrefixRecord, PrefixState
from s3mover.rate import LONGEST, Pace

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class PrefixPace:
    """How far a move was at a look, and how fast it had got there."""

    objects: Pace
    """Of objects that are copied or have ended: where `Pace` says bytes, it counts them."""

    bytes: Pace


def look(record: PrefixRecord, at: float, before: PrefixPace | None = None) -> PrefixPace:
    """
    Return the pace of a move from its record and from the look before.

    At the first look, and when the move has ended, it is the mean since the start.
    """
    counts = record.progress, record.moved_bytes + record.copied_bytes
    if before is not None and not record.state.final:
        paces = before.objects, before.bytes
        return PrefixPace(*(p.then(at, n) for p, n in zip(paces, counts, strict=True)))
    return PrefixPace(*(_mean(record, at, count) for count in counts))


def seconds_left(record: PrefixRecord, pace: PrefixPace) -> float | None:
    """
    Return the time that what is planned takes at this pace; None as long as nobody can know.

    Of objects and bytes the one that takes longer decides: there may be few large ones left.
    """
    if not record.listed or record.state.final or record.state is PrefixState.PAUSED:
        return None
    left = record.found - record.progress
    if not left:
        return 0.0
    objects, size = pace.objects.bytes_per_second, pace.bytes.bytes_per_second
    if not objects:
        return None
    seconds = left / objects
    if size:
        seconds = max(seconds, _bytes_left(record) / size)
    return seconds if seconds <= LONGEST else None


def measured(record: PrefixRecord) -> PrefixRecord:
    """Return the record with its means since the start, and the time left at those."""
    pace = look(record, 0.0)
    is_paused = record.state is PrefixState.PAUSED
    return record.model_copy(
        update={
            "rate": None if is_paused else pace.objects.bytes_per_second,
            "bytes_rate": None if is_paused else pace.bytes.bytes_per_second,
            "eta": seconds_left(record, pace),
        }
    )


def _bytes_left(record: PrefixRecord) -> float:
    """Return about the bytes of the rest: how many skipped ones had is not written down."""
    others = record.progress - record.moved - record.copied
    there = record.moved_bytes + record.copied_bytes
    return max(record.found_bytes - there - others * _mean_size(record), 0.0)


def _mean_size(record: PrefixRecord) -> float:
    return record.found_bytes / record.found if record.found else 0.0


def _mean(record: PrefixRecord, at: float, count: int) -> Pace:
    if record.started_at is None:
        return Pace(at, count)
    # The journal's clock need not be the caller's: only its own times are compared.
    end: datetime = record.finished_at or record.updated_at
    return Pace(at - (end - record.started_at).total_seconds(), 0).then(at, count)
