"""Tables of moves: one move a line, or one fact a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3mover.amounts import size_text
from s3mover.cli.output import last_trouble, printable, state_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from s3mover import MoveRecord

_UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))

HEAD = ("ID", "STATE", "DONE", "SIZE", "AGE", "SOURCE", "DESTINATION")


def table(records: Iterable[MoveRecord], now: datetime) -> str:
    """Return one line a move, never shortened: what reads it may be grep."""
    return aligned([HEAD, *(_row(record, now) for record in records)])


def details(record: MoveRecord) -> str:
    """Return one line a known fact."""
    size = None if record.size is None else f"{record.size} ({size_text(record.size)})"
    facts = {
        "id": record.id,
        "state": state_text(record),
        "source": record.source,
        "destination": record.destination,
        "error": record.error and f"{record.error.code}: {record.error.message}",
        "size": size,
        "done": _parts(record),
        "trouble": last_trouble(record),
        "workers": ", ".join(f"{name} {count}" for name, count in sorted(record.workers.items())),
        "etag": record.etag,
        "version": record.version_id,
        "upload": record.upload_id,
        "lost": "; ".join(record.lost),
        "verified": record.evidence and f"{record.evidence.kind}: {record.evidence.detail}",
        "deleted": record.deletion,
        "created": _moment(record.created_at),
        "started": _moment(record.started_at),
        "updated": _moment(record.updated_at),
        "finished": _moment(record.finished_at),
    }
    return aligned([(name, fact) for name, fact in facts.items() if fact])


def age_text(age: timedelta) -> str:
    """Return an age in its largest whole unit."""
    seconds = max(int(age.total_seconds()), 0)
    unit, length = next((u for u in _UNITS if seconds >= u[1]), _UNITS[-1])
    return f"{seconds // length}{unit}"


def progress_text(record: MoveRecord) -> str:
    if record.size is None:
        return "-"
    return f"{100 * record.bytes_done // record.size}%" if record.size else "100%"


def _row(record: MoveRecord, now: datetime) -> Sequence[str]:
    return (
        record.id,
        record.state,
        progress_text(record),
        "-" if record.size is None else size_text(record.size),
        age_text(now - record.created_at),
        record.source,
        record.destination,
    )


def _parts(record: MoveRecord) -> str | None:
    if not record.parts_total:
        return None if record.size is None else progress_text(record)
    return f"{progress_text(record)}, {record.parts_done} of {record.parts_total} parts"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return one line a row, its columns below each other; nothing in it steers a terminal."""
    clean = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*clean, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in clean)
