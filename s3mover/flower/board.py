"""The moves that the tab shows: the journal is read once a second, however many look."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from s3mover.errors import UnknownMove
from s3mover.flower.rows import Asked, Page, Row, page, row
from s3mover.rate import Pace, look

if TYPE_CHECKING:
    from s3mover import Mover, MoveRecord

NEWEST = 1000
"""How many moves are looked through; an older one is found by its whole id."""

_TICK = 1.0


@dataclass
class Board:
    """The youngest moves and their paces. Threads may share it."""

    mover: Mover
    _records: list[MoveRecord] = field(default_factory=list)
    _paces: dict[str, Pace] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _lock: Lock = field(default_factory=Lock)

    def show(self, asked: Asked) -> tuple[Page, list[Row]]:
        """Return what was asked for; raises BrokerUnavailable."""
        with self._lock:
            if time.monotonic() - self._read_at >= _TICK:
                self._read()
            found = page(self._records, asked)
            if not found.total and asked.text:
                found = page(self._by_id(asked.text), asked)
            now = time.monotonic()
            rows = [row(r, self._paces.get(r.id) or look(r, now)) for r in found.records]
        return found, rows

    def _read(self) -> None:
        records = self.mover.list(NEWEST)
        now = time.monotonic()
        before = self._paces
        self._paces = {record.id: look(record, now, before.get(record.id)) for record in records}
        self._records, self._read_at = records, now

    def _by_id(self, text: str) -> list[MoveRecord]:
        try:
            return [self.mover.status(text)]
        except UnknownMove:
            return []
