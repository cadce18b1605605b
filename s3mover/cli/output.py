"""What is printed: texts of a record, for people and for programs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from s3mover import State
from s3mover.amounts import duration_text, size_text

if TYPE_CHECKING:
    from s3mover import MoveRecord


# Of a driver's errors: "s3aws: UploadPartCopy s3://a/x -> s3://b/y: 503 SlowDown".
_WHERE = re.compile(r"^s3aws: (\w+) s3://.*?: ")


def as_json(record: MoveRecord) -> str:
    # ASCII, whatever the terminal's encoding: a key may hold any character.
    return json.dumps(record.model_dump(mode="json"))


def printable(text: str) -> str:
    """Escape what a terminal would obey: a key may hold control characters."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def come_back(move_id: str) -> str:
    """Say how to find a move again that nobody waits for any longer."""
    known = printable(move_id)
    return f"the move goes on: `s3mover watch {known}` shows it, `s3mover cancel {known}` ends it"


def summary(record: MoveRecord) -> str:
    """Say in two lines what a finished move has done."""
    first = f"{record.source} -> {record.destination}"
    facts = [_copied(record)] if record.size is not None else []
    if record.evidence and record.evidence.kind == "same":
        facts.append(f"nothing to do: {record.evidence.detail}")
    elif record.evidence:
        facts.append(f"verified by {record.evidence.kind} ({record.evidence.detail})")
    if record.deletion:
        facts.append(f"source deleted ({record.deletion})")
    return f"{printable(first)}\n{printable('; '.join(facts))}"


def _copied(record: MoveRecord) -> str:
    size = record.size or 0
    text = f"{size_text(size)} in {duration_text(_seconds(record))}"
    if _seconds(record) > 0:
        text += f" ({size_text(size / _seconds(record))}/s)"
    if record.parts_total:
        text += (
            f", {counted(record.parts_total, 'part')} by {counted(len(record.workers), 'worker')}"
        )
    return text


def _seconds(record: MoveRecord) -> float:
    start = record.started_at or record.created_at
    return ((record.finished_at or datetime.now(UTC)) - start).total_seconds()


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def trouble(record: MoveRecord) -> str:
    """Say why a move is not done."""
    if record.state is State.FAILED and record.error:
        part = f" (part {record.error.part})" if record.error.part else ""
        return f"move {record.id} failed: {record.error.code}: {record.error.message}{part}"
    if record.state.final:
        return f"move {record.id} was {record.state}: {record.source} is left where it was"
    return "; ".join(filter(None, (_still(record), last_trouble(record), _hope(record))))


def trouble_name(record: MoveRecord) -> str:
    """Return what programs know the trouble of a move by that is not done."""
    if not record.state.final:
        return "StillRunning"
    return record.error.code if record.error else record.state.capitalize()


def last_trouble(record: MoveRecord) -> str:
    """Say what a move that is not done is up against; empty when nothing is known of."""
    retries = f"{record.retries} {'retry' if record.retries == 1 else 'retries'}"
    if not record.troubles:
        return retries if record.retries else ""
    last = record.troubles[0]
    part = f", part {last.part}" if last.part else ""
    text = f"{last.code}{part}: {_gist(last.message)}"
    return f"{retries}, the last: {text}" if record.retries else text


def _gist(message: str) -> str:
    """Leave out of a driver's error which objects it is about: who reads it looks at them."""
    return _WHERE.sub(r"\1: ", message, count=1)


def _still(record: MoveRecord) -> str:
    if record.stopping:
        return state_text(record)
    if record.started_at is None and not record.troubles:
        return "still queued: no worker has begun it"
    return f"still {record.state}"


def _hope(record: MoveRecord) -> str:
    if record.stopping:
        return "it ends when its parts in flight have, and a worker is there"
    return come_back(record.id)


def state_text(record: MoveRecord) -> str:
    return f"{record.state} ({record.stopping} asked for)" if record.stopping else record.state
