"""
The row of a move in Flower: Celery's events under the move's id, from its start to its end.

Celery's own would end it as soon as the parts are launched, so `s3mover.move` sends none of them.
Nothing is sent, and nothing asked for it, unless the worker sends the events of tasks (`-E`).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from celery import Task

from s3mover import State, journal
from s3mover.amounts import size_text
from s3mover.contract import MOVE_TASK
from s3mover.display import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis import Redis

    from s3mover import MoveRecord
    from tasks.journal import OwnedMove
    from tasks.plan import Plan

log = logging.getLogger(__name__)

# Of an event that Celery does not know it takes the subject, in capitals, for the task's state
# (celery/events/state.py `Task.event`, 5.7, read 2026-11). PROGRESS, as of a `task-progress`, would
# outrank REVOKED: the row of a cancelled move would never end.
PROGRESS = "task-STARTED"

_dispatcher: Callable[[], Any] = lambda: None  # noqa: E731  # replaced as a whole


class Readable(Task):  # type: ignore[type-arg]  # celery-types: generic for mypy alone
    """A task whose retries are shown as itself: Celery forgets `kwargsrepr` (5.7, 2026-11)."""

    def signature_from_request(self, request: Any = None, *args: Any, **options: Any) -> Any:
        request = self.request if request is None else request
        options.setdefault("kwargsrepr", request.get("kwargsrepr"))
        return super().signature_from_request(request, *args, **options)


def connect(dispatcher: Callable[[], Any]) -> None:
    """Have events sent by what this returns: Celery's dispatcher, or None."""
    global _dispatcher  # noqa: PLW0603  # one a process, as the worker itself
    _dispatcher = dispatcher


def are_wanted() -> bool:
    """Tell whether this worker sends the events of tasks now; Flower may ask for it later."""
    found = _dispatcher()
    return bool(found and found.enabled and (not found.groups or "task" in found.groups))


def begun(move: OwnedMove) -> None:
    """Tell that a worker begins with a move: its row is there, and started."""
    _send("task-received", move.id, _names(move.id, move.fields) | {"args": "()", "retries": 0})
    _send("task-started", move.id, {})


def teller(move_id: str, plan: Plan | None) -> Callable[[int], None] | None:
    """Return what tells how many parts are there; None when nobody wants to know."""
    if plan is None or not are_wanted():
        return None

    def tell(parts: int) -> None:
        done = min(parts * plan.part_size, plan.size)
        text = how_far(done, plan.size, parts, plan.parts)
        counts = {"bytes_done": done, "bytes_total": plan.size}
        counts |= {"parts_done": parts, "parts_total": plan.parts}
        ends = {"source": str(plan.pin.location), "destination": str(plan.destination)}
        _send(PROGRESS, move_id, _names(move_id, ends) | counts | {"result": text})

    return tell


def ended(redis: Redis, move_id: str) -> None:
    """Tell how a move has ended, as the journal has it; safe to repeat."""
    try:
        if are_wanted():
            record = journal.read(redis, move_id)
            kind, fields = ending_of(record)
            ends = {"source": record.source, "destination": record.destination}
            _send(kind, move_id, _names(move_id, ends) | fields)
    except Exception as error:  # noqa: BLE001  # a row that is wrong fails no move
        _lost("the end", move_id, error)


def ending_of(record: MoveRecord) -> tuple[str, dict[str, Any]]:
    """Return the last event of a move that has ended."""
    counts = record.bytes_done, record.size, record.parts_done, record.parts_total
    if record.state is State.FAILED and record.error:
        part = f" (part {record.error.part})" if record.error.part else ""
        text = f"{record.error.code}: {record.error.message}{part}"
        return "task-failed", {"exception": text, "result": how_far(*counts)}
    if record.state is not State.DONE:
        why = {"terminated": False, "signum": None, "expired": False}
        return "task-revoked", why | {"result": how_far(*counts)}
    facts = [size_text(record.size or 0)]
    facts += [f"{record.parts_total} parts"] if record.parts_total else []
    facts += [f"verified by {record.evidence.kind}"] if record.evidence else []
    begin, end = record.started_at or record.created_at, record.finished_at or record.updated_at
    return "task-succeeded", {
        "result": ", ".join(facts),
        "runtime": (end - begin).total_seconds(),
    }


def how_far(done: int, size: int | None, parts_done: int, parts: int) -> str:
    """Say how much of a move is copied; nothing where nobody knows."""
    if size is None or not parts:
        return ""
    return f"{size_text(done)} of {size_text(size)}, {parts_done} of {parts} parts"


def _names(move_id: str, fields: dict[str, str]) -> dict[str, Any]:
    # With each event: Flower may have been started in the middle of the move.
    ends = {name: fields[name] for name in ("source", "destination") if fields.get(name)}
    return {"name": MOVE_TASK, "kwargs": shown(move_id, **ends)}


def _send(kind: str, move_id: str, fields: dict[str, Any]) -> None:
    try:
        if are_wanted():
            _dispatcher().send(kind, uuid=move_id, **fields)
    except Exception as error:  # noqa: BLE001  # a row that is wrong fails no move
        _lost(kind, move_id, error)


def _lost(what: str, move_id: str, error: Exception) -> None:
    log.warning("Flower is not told %s of %s: %s", what, move_id, error)
