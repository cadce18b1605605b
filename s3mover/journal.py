"""
The journal: one Redis hash a move, the source of truth for status, cancel and resume.

Web apps accept, read and stop moves here; what workers write is in `tasks/journal.py`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from redis import Redis

from s3mover.broker import read_broker
from s3mover.contract import MoveRecord, MoveRequest, State
from s3mover.errors import IdempotencyConflict, UnknownMove
from s3mover.scripts import Script
from s3mover.sentinels import primary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RECORD_TTL = 7 * 86_400
"""Seconds that the record of a finished move is kept, unless a worker's setting says otherwise."""

# At redis-py's own limit (100 in 8.1, 2026-11) the call of one more thread fails, and never waits.
_MOST = 10_000

DEFAULT_BROKER_URL = "redis://localhost:6379/0"

MOVES = "s3mover:moves"
ACTIVE = "s3mover:active"
LOCKS = "s3mover:locks"

_ACCEPT = Script("s3mover", "accept")
_STOP = Script("s3mover", "stop")


def connect(url: str, **options: Any) -> Redis:
    """Return a pool of connections to the Redis that a broker's URL names."""
    broker = read_broker(url)
    options = {"decode_responses": True, "max_connections": _MOST} | options
    return primary(broker, **options) if broker.sentinels else Redis.from_url(url, **options)


def move_key(move_id: str) -> str:
    return f"s3mover:move:{move_id}"


def done_key(move_id: str) -> str:
    return f"s3mover:done:{move_id}"


def sweep_key(task_id: str) -> str:
    return f"s3mover:sweep:{task_id}"


def doctor_key(task_id: str) -> str:
    return f"s3mover:doctor:{task_id}"


def accept(redis: Redis, move_id: str, request: MoveRequest) -> State:
    """
    Record a request as queued and return the state it is in.

    Safe to repeat; raises IdempotencyConflict when the id belongs to another request.
    """
    text = request.model_dump_json(exclude_none=True)
    kinds = " ".join(request.callbacks)
    verdict, state = _ACCEPT(redis, move_id, text, request.source, request.destination, kinds)
    if verdict == "conflict":
        msg = f"{move_id} is another move: give this request an idempotency key of its own"
        raise IdempotencyConflict(msg)
    return State(state)


def stop(
    redis: Redis,
    move_id: str,
    reason: str,
    *,
    error: str = "",
    ttl: int = RECORD_TTL,
    generation: str = "",
) -> str:
    """
    Ask a move to end as `reason`, in whatever generation or only in this one.

    Returns `stopping`, `committed` (too late), `stale` or the state it has ended in.
    """
    answer = cast("str", _STOP(redis, move_id, reason, error, ttl, generation))
    if answer == "unknown":
        raise unknown(move_id)
    return answer


def read(redis: Redis, move_id: str) -> MoveRecord:
    """Return a move's record, or raise UnknownMove."""
    records = read_many(redis, [move_id])
    if not records:
        raise unknown(move_id)
    return records[0]


def state_of(redis: Redis, move_id: str) -> State:
    """Return the state of a move, or raise UnknownMove."""
    state = cast("str | None", redis.hget(move_key(move_id), "state"))
    if state is None:
        raise unknown(move_id)
    return State(state)


def read_many(redis: Redis, move_ids: Iterable[str]) -> list[MoveRecord]:
    """Return the records there are, in one round trip and in the order asked for."""
    ids = list(move_ids)
    pipe = redis.pipeline(transaction=False)
    for move_id in ids:
        # In this order: the end of a move writes its count of parts and drops the bitmap.
        pipe.bitcount(done_key(move_id))
        pipe.hgetall(move_key(move_id))
    answers = pipe.execute()
    pairs = zip(ids, answers[::2], answers[1::2], strict=True)
    return [to_record(move_id, fields, count) for move_id, count, fields in pairs if fields]


def newest(redis: Redis, limit: int) -> list[MoveRecord]:
    """Return the records of the `limit` youngest moves."""
    youngest = redis.zrevrange(MOVES, 0, limit - 1) if limit > 0 else []
    return read_many(redis, cast("list[str]", youngest))


def unknown(move_id: str) -> UnknownMove:
    return UnknownMove(f"no move {move_id}: the id is wrong, or its record has expired")


def to_record(move_id: str, fields: Mapping[str, str], parts_done: int) -> MoveRecord:
    """Turn the journal's hash into a record."""
    plan = _json(fields.get("plan")) or {}
    parts_done = parts_done or int(fields.get("parts_done", 0))
    parts_total = int(fields.get("parts", 0))
    return MoveRecord(
        id=move_id,
        source=fields["source"],
        destination=fields["destination"],
        state=State(fields["state"]),
        stopping=_ending(fields.get("stop")),
        size=plan.get("size"),
        etag=plan.get("etag"),
        version_id=plan.get("version_id"),
        bytes_done=_bytes_done(fields, plan, parts_done),
        parts_total=parts_total,
        parts_done=min(parts_done, parts_total),
        part_size=plan.get("part_size") or None,
        upload_id=fields.get("upload"),
        generation=int(fields["generation"]),
        workers={k[3:]: int(v) for k, v in fields.items() if k.startswith("by:")},
        lost=plan.get("lost", []),
        evidence=_json(fields.get("evidence")),
        deletion=fields.get("deletion"),
        retries=int(fields.get("retries", 0)),
        troubles=_json(fields.get("troubles")) or [],
        error=_json(fields.get("error")),
        callbacks={k: fields.get(f"told:{k}", "waiting") for k in kinds_of(fields)},
        created_at=_time(fields["created"]),
        started_at=_time(fields["started"]) if "started" in fields else None,
        updated_at=_time(fields["updated"]),
        finished_at=_time(fields["finished"]) if "finished" in fields else None,
    )


def kinds_of(fields: Mapping[str, str]) -> list[Any]:
    """Return which callbacks a move has."""
    return fields.get("callbacks", "").split()


def _bytes_done(fields: Mapping[str, str], plan: Mapping[str, Any], parts_done: int) -> int:
    if "copied" in fields or "evidence" in fields:
        return int(plan.get("size") or 0)
    return min(parts_done * int(plan.get("part_size") or 0), int(plan.get("size") or 0))


def _ending(stop: str | None) -> Any:
    return stop if stop in {State.CANCELLED, State.FAILED} else None


def _json(text: str | None) -> Any:
    return json.loads(text) if text else None


def _time(seconds: str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
