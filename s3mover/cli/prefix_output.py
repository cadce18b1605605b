"""What is printed of moves of prefixes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from s3mover import PrefixState
from s3mover.amounts import duration_text, rate_text, size_text, time_text
from s3mover.cli.output import come_back, counted, printable
from s3mover.cli.tables import age_text, aligned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from s3mover import PrefixRecord
    from s3mover.prefix_plan import PrefixPlan

HEAD = ("ID", "STATE", "MOVED", "FAILED", "SIZE", "AGE", "SOURCE", "DESTINATION")


_MANY = 10


def objects_text(record: PrefixRecord) -> str:
    """Return how many of how many are moved; a plus: the listing goes on."""
    return f"{record.moved}/{record.found}{'' if record.listed else '+'}"


def rates_text(rate: float | None, bytes_rate: float | None) -> str:
    """Return objects and bytes a second; nothing of what is not known."""
    if not rate:
        return ""
    digits = 0 if rate >= _MANY else 1
    return f"{rate:.{digits}f} objects/s, {rate_text(bytes_rate or 0)}"


def table(records: Iterable[PrefixRecord], now: datetime) -> str:
    """Return one line a move of a prefix."""
    return aligned([HEAD, *(_row(record, now) for record in records)])


def details(record: PrefixRecord) -> str:
    """Return one line a known fact."""
    size = f"{size_text(record.moved_bytes)} of {size_text(record.found_bytes)}"
    facts = {
        "id": record.id,
        "state": f"{record.state}{f' ({record.stopping} asked for)' if record.stopping else ''}",
        "source": record.source,
        "destination": record.destination,
        "error": record.error and f"{record.error.code}: {record.error.message}",
        "moved": f"{objects_text(record)} objects, {size}",
        "skipped": record.skipped and str(record.skipped),
        "failed": record.failed and str(record.failed),
        "left": record.left and str(record.left),
        "planned": record.planned and f"{record.planned}, in flight or to come",
        "copied": record.copied and f"{record.copied} of those, {size_text(record.copied_bytes)}",
        "filtered": record.filtered and str(record.filtered),
        "rate": rates_text(record.rate, record.bytes_rate),
        "time left": record.eta is not None
        and not record.state.final
        and f"about {time_text(record.eta)}",
        "open": f"{counted(record.pages_open, 'page')}, "
        f"{counted(record.children_open, 'large object')}",
        "deletes": record.deletion,
        "report": record.report,
        "created": record.created_at.isoformat(timespec="seconds"),
        "finished": record.finished_at and record.finished_at.isoformat(timespec="seconds"),
    }
    rows = [(name, str(fact)) for name, fact in facts.items() if fact]
    return aligned([*rows, *(("trouble", text) for text in troubles(record))])


def troubles(record: PrefixRecord) -> list[str]:
    """Return one line for each kind of error, with an example."""
    return [
        f"{each.code} ({each.count}), such as {each.example}: {each.message}"
        for each in record.troubles
    ]


def summary(record: PrefixRecord) -> str:
    """Say what a move that is done has done."""
    seconds = _seconds(record)
    rate = f" ({record.moved / seconds:.0f} objects/s)" if seconds > 0 else ""
    text = (
        f"{printable(f'{record.source} -> {record.destination}')}\n"
        f"{counted(record.moved, 'object')} moved, {size_text(record.moved_bytes)}"
        f" in {duration_text(seconds)}{rate}"
    )
    if record.skipped:
        text += f"; {record.skipped} skipped"
    return f"{text}\nreport: {printable(record.report or 'none')}" if record.moved else text


def trouble(record: PrefixRecord) -> str:
    """Say why a move is not done."""
    counts = f"{objects_text(record)} moved, {record.failed} failed"
    if record.state is PrefixState.FAILED and record.error:
        return f"move {record.id} failed: {record.error.code}: {record.error.message}; {counts}"
    if record.state is PrefixState.FAILED:
        lines = "; ".join(troubles(record))
        return f"move {record.id} failed in part: {counts}; {lines}; report: {record.report}"
    if record.state.final:
        return f"move {record.id} was {record.state}: {counts}, {record.left} left"
    if record.state is PrefixState.PAUSED:
        return f"paused: {counts}; `s3mover resume {printable(record.id)}` has it go on"
    return f"still {record.state}: {counts}; {come_back(record.id)}"


def plan_text(plan: PrefixPlan) -> str:
    """Return one line a fact of what a move would do."""
    if plan.error:
        return f"the move would be refused: {plan.error.code}: {plan.error.message}"
    facts = {
        "objects": f"{plan.objects} ({plan.small} small, {plan.large} large in {plan.parts} parts)",
        "bytes": f"{plan.bytes} ({size_text(plan.bytes)})",
        "filtered": str(plan.filtered),
        "requests": f"{plan.pages} lists, {plan.copies} copies, {plan.reads} reads, "
        f"{plan.deletes} deletes",
        "time": f"about {duration_text(plan.seconds)} by one worker",
        "cost": f"about ${plan.dollars:.4f} for requests, by Amazon's list price",
    }
    rows = [*facts.items(), *(("lost", text) for text in plan.lost)]
    return aligned([*rows, ("written", "nothing")])


def _row(record: PrefixRecord, now: datetime) -> tuple[str, ...]:
    return (
        record.id,
        record.state,
        objects_text(record),
        str(record.failed),
        size_text(record.found_bytes),
        age_text(now - record.created_at),
        record.source,
        record.destination,
    )


def _seconds(record: PrefixRecord) -> float:
    start = record.started_at or record.created_at
    return ((record.finished_at or datetime.now(UTC)) - start).total_seconds()
