"""Looks at all moves, one after the other: what came between two of them is a rate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from s3mover import BrokerUnavailable, prefix_rate
from s3mover.rate import Pace, look
from s3mover.snapshot import MoveLine, PrefixLine, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s3mover import Mover, MoveRecord, PrefixRecord
    from s3mover.overview import Overview
    from s3mover.prefix_rate import PrefixPace


class Glances:
    """Snapshots of a fleet; Redis is asked once for each."""

    def __init__(self, mover: Mover, limit: int) -> None:
        self._mover = mover
        self._limit = limit
        self._paces: dict[str, Pace] = {}
        self._prefixes: dict[str, PrefixPace] = {}
        self._total: Pace | None = None
        self._last: Overview | None = None

    def first(self) -> Snapshot:
        """Return what is to be seen; raises BrokerUnavailable."""
        return self._snapshot(self._mover.overview(self._limit))

    def next(self) -> Snapshot:
        """Return what is to be seen, be it that Redis is away."""
        try:
            return self.first()
        except BrokerUnavailable as error:
            return Snapshot(at=datetime.now(UTC), error=str(error))

    def _snapshot(self, seen: Overview) -> Snapshot:
        now = seen.at.timestamp()
        came = sum(self._came(record) for record in seen.records)
        self._paces = {record.id: self._pace(record, now) for record in seen.records}
        before = self._prefixes
        self._prefixes = {r.id: prefix_rate.look(r, now, before.get(r.id)) for r in seen.prefixes}
        lines = [self._line(record) for record in seen.records]
        self._total = (
            self._total.then(now, self._total.bytes_done + came) if self._total else (Pace(now, 0))
        )
        self._last = seen
        return Snapshot(
            at=seen.at,
            active=seen.active,
            states=dict(seen.states),
            rate=_total(self._total, lines),
            moves=lines,
            prefixes=[self._prefix(record) for record in seen.prefixes],
        )

    def _came(self, record: MoveRecord) -> int:
        """Return the bytes since the last look; a move that was not seen then may be a new one."""
        if self._last is None:
            return 0
        before = self._paces.get(record.id)
        if before is not None:
            return max(record.bytes_done - before.bytes_done, 0)
        return record.bytes_done if record.created_at >= self._last.at else 0

    def _pace(self, record: MoveRecord, now: float) -> Pace:
        return look(record, now, self._paces.get(record.id))

    def _line(self, record: MoveRecord) -> MoveLine:
        if record.state.final or record.started_at is None:
            return MoveLine(move=record)
        pace = self._paces[record.id]
        return MoveLine(move=record, rate=pace.bytes_per_second, eta=pace.seconds_left(record.size))

    def _prefix(self, record: PrefixRecord) -> PrefixLine:
        pace = self._prefixes[record.id]
        if record.state.final or record.started_at is None:
            return PrefixLine(move=record)
        return PrefixLine(
            move=record,
            rate=pace.objects.bytes_per_second,
            bytes_rate=pace.bytes.bytes_per_second,
            eta=prefix_rate.seconds_left(record, pace),
        )


def _total(pace: Pace, lines: Sequence[MoveLine]) -> float:
    """Return what came between the looks; at the first one, the means of what is under way."""
    rate = pace.bytes_per_second
    return sum(line.rate or 0.0 for line in lines) if rate is None else rate
