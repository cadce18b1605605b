"""The move of a prefix as a person reads it: the texts that the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3mover.amounts import duration_text, size_text
from s3mover.cli.output import counted, printable
from s3mover.cli.prefix_output import troubles
from s3mover.prefix_contract import PrefixState
from s3mover.prefix_rate import seconds_left

if TYPE_CHECKING:
    from s3mover.prefix_contract import PrefixRecord
    from s3mover.prefix_rate import PrefixPace
    from s3mover.web.view import View

PREFIX_FACTS = (
    *("objects", "copied", "bytes", "rate", "bytes_rate", "left"),
    *("failed", "skipped", "left_behind", "filtered", "open"),
)
"""What stands in the line below the bar, where it is known."""

NO_PREFIX: View = {
    **dict.fromkeys(("id", "state", "phase", "source", "destination", "created"), ""),
    **dict.fromkeys(PREFIX_FACTS, ""),
    **dict.fromkeys(("error", "report"), ""),
    **dict.fromkeys(("can_pause", "can_resume", "can_cancel", "can_retry"), False),
    "percent": None,
    "troubles": [],
}
"""The view of no move, which the page's script fills in."""


def prefix_view(record: PrefixRecord, pace: PrefixPace) -> View:
    """Return the texts of a move; an empty one is not shown."""
    final, is_paused = record.state.final, record.state is PrefixState.PAUSED
    going = not final and not record.stopping
    return {
        "id": record.id,
        "state": "stopping" if record.stopping and not final else record.state.value,
        "phase": _phase(record),
        "source": printable(record.source),
        "destination": printable(record.destination),
        "percent": percent(record),
        **_counts(record),
        **_speed(record, pace),
        "error": printable(f"{record.error.code}: {record.error.message}") if record.error else "",
        "troubles": [printable(text) for text in troubles(record)],
        "report": printable(record.report or ""),
        "created": f"{record.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "can_pause": going and not is_paused,
        "can_resume": going and is_paused,
        "can_cancel": going,
        "can_retry": final and record.state is not PrefixState.DONE,
    }


def percent(record: PrefixRecord) -> int | None:
    """Return how much of it is copied or has ended; None while the listing goes on."""
    if record.state is PrefixState.DONE:
        return 100
    if not record.listed:
        return 0 if record.state.final or record.state is PrefixState.QUEUED else None
    return 100 * record.progress // record.found if record.found else 0


def _phase(record: PrefixRecord) -> str:
    if record.stopping == "cancelled":
        return "cancelling"
    return "giving up" if record.stopping else record.state.value


def _counts(record: PrefixRecord) -> View:
    more = "" if record.listed else " so far"
    pages = counted(record.pages_open, "page") if record.pages_open else ""
    large = counted(record.children_open, "large object") if record.children_open else ""
    inside = ", ".join(filter(None, (pages, large)))
    done = record.state is PrefixState.DONE
    moved = size_text(record.moved_bytes)
    return {
        "objects": f"{record.moved} of {counted(record.found, 'object')}{more}",
        "copied": f"{record.copied} more copied" if record.copied else "",
        "bytes": moved if done else f"{moved} of {size_text(record.found_bytes)}{more}",
        "failed": f"{record.failed} failed" if record.failed else "",
        "skipped": f"{record.skipped} skipped" if record.skipped else "",
        "left_behind": f"{record.left} left" if record.left else "",
        "filtered": f"{record.filtered} not meant" if record.filtered else "",
        "open": f"{inside} open" if inside else "",
    }


def _speed(record: PrefixRecord, pace: PrefixPace) -> View:
    objects, size = pace.objects.bytes_per_second, pace.bytes.bytes_per_second
    is_shown = record.state is not PrefixState.PAUSED
    left = seconds_left(record, pace)
    return {
        "rate": f"{objects:.{0 if objects >= 10 else 1}f} objects/s"  # noqa: PLR2004  # two digits
        if objects and is_shown
        else "",
        "bytes_rate": f"{size_text(size)}/s" if size and size >= 1 and is_shown else "",
        "left": f"{duration_text(left)} left" if left else "",
    }
