"""The journal of prefix moves: one Redis hash each, beside those of single moves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from s3mover.errors import IdempotencyConflict, UnknownMove
from s3mover.journal import RECORD_TTL, kinds_of
from s3mover.prefix_contract import PrefixRecord, PrefixRequest, PrefixState, Trouble
from s3mover.prefix_rate import measured
from s3mover.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal

    from redis import Redis


PREFIXES = "s3mover:prefixes"
ACTIVE_PREFIXES = "s3mover:active-prefixes"

_ACCEPT = Script("s3mover", "prefix_accept")
_STEER = Script("s3mover", "prefix_steer")

_COUNTS = (
    *("found", "found_bytes", "filtered", "moved", "moved_bytes"),
    *("skipped", "failed", "left"),
)
_ENDS = ("moved", "skipped", "failed", "left")
_COPIED = "copied:"
_EXAMPLE = " example"


def prefix_key(prefix_id: str) -> str:
    return f"s3mover:prefix:{prefix_id}"


def pages_key(prefix_id: str) -> str:
    """Return the key of the set of pages that are worked on."""
    return f"s3mover:pages:{prefix_id}"


def waiting_key(prefix_id: str) -> str:
    """Return the key of the set of pages that only wait for their large objects."""
    return f"s3mover:waiting:{prefix_id}"


def troubles_key(prefix_id: str) -> str:
    return f"s3mover:troubles:{prefix_id}"


def plan_key(task_id: str) -> str:
    return f"s3mover:plan:{task_id}"


def accept(redis: Redis, prefix_id: str, request: PrefixRequest) -> PrefixState:
    """
    Record a request as queued and return the state it is in.

    Safe to repeat; raises IdempotencyConflict when the id belongs to another request.
    """
    text = request.model_dump_json(exclude_none=True)
    names = request.source, request.destination
    verdict, state = _ACCEPT(redis, prefix_id, text, *names, " ".join(request.callbacks))
    if verdict == "conflict":
        msg = f"{prefix_id} is another move: give this request an idempotency key of its own"
        raise IdempotencyConflict(msg)
    return PrefixState(state)


def steer(
    redis: Redis,
    prefix_id: str,
    what: Literal["cancelled", "failed", "pause", "resume"],
    *,
    error: str = "",
    ttl: int = RECORD_TTL,
) -> None:
    """Ask a prefix move to end, to pause or to go on; raises UnknownMove."""
    if _STEER(redis, prefix_id, what, error, ttl) == "unknown":
        raise unknown(prefix_id)


def read(redis: Redis, prefix_id: str) -> PrefixRecord:
    """Return the record of a prefix move, or raise UnknownMove."""
    records = read_many(redis, [prefix_id])
    if not records:
        raise unknown(prefix_id)
    return records[0]


def read_request(redis: Redis, prefix_id: str) -> PrefixRequest:
    """Return what was asked for, or raise UnknownMove."""
    text = redis.hget(prefix_key(prefix_id), "request")
    if not text:
        raise unknown(prefix_id)
    return PrefixRequest.model_validate_json(str(text))


def read_many(redis: Redis, prefix_ids: Iterable[str]) -> list[PrefixRecord]:
    """Return the records there are, in one round trip and in the order asked for."""
    ids = list(prefix_ids)
    pipe = redis.pipeline(transaction=False)
    for prefix_id in ids:
        pipe.hgetall(prefix_key(prefix_id))
        pipe.hgetall(troubles_key(prefix_id))
        pipe.scard(pages_key(prefix_id))
    answers = pipe.execute()
    each = zip(ids, answers[::3], answers[1::3], answers[2::3], strict=True)
    return [to_record(name, fields, found, open_) for name, fields, found, open_ in each if fields]


def newest(redis: Redis, limit: int) -> list[PrefixRecord]:
    """Return the records of the `limit` youngest prefix moves."""
    youngest = redis.zrevrange(PREFIXES, 0, limit - 1) if limit > 0 else []
    return read_many(redis, cast("list[str]", youngest))


def unknown(prefix_id: str) -> UnknownMove:
    msg = f"no move of a prefix {prefix_id}: the id is wrong, or its record has expired"
    return UnknownMove(msg)


def to_record(
    prefix_id: str, fields: Mapping[str, str], troubles: Mapping[str, str], pages_open: int
) -> PrefixRecord:
    """Turn the journal's hashes into a record."""
    error = fields.get("error")
    counts = {name: int(fields.get(name, 0)) for name in _COUNTS}
    copied = [tuple(map(int, fields[name].split())) for name in fields if _COPIED in name]
    record = PrefixRecord(
        id=prefix_id,
        source=fields["source"],
        destination=fields["destination"],
        state=_state(fields),
        stopping=cast("Any", fields.get("stop")),
        listed="listed" in fields,
        troubles=_troubles(troubles),
        pages_open=pages_open,
        children_open=int(fields.get("children", 0)),
        deletion=fields.get("deletion"),
        report=fields.get("report"),
        callbacks={k: fields.get(f"told:{k}", "waiting") for k in kinds_of(fields)},
        error=json.loads(error) if error else None,
        created_at=_time(fields["created"]),
        started_at=_time(fields["started"]) if "started" in fields else None,
        updated_at=_time(fields["updated"]),
        finished_at=_time(fields["finished"]) if "finished" in fields else None,
        copied=sum(objects for objects, _ in copied),
        copied_bytes=sum(size for _, size in copied),
        planned=counts["found"] - sum(counts[name] for name in _ENDS),
        **counts,
    )
    return measured(record)


def _state(fields: Mapping[str, str]) -> PrefixState:
    state = PrefixState(fields["state"])
    return PrefixState.PAUSED if "paused" in fields and not state.final else state


def _troubles(found: Mapping[str, str]) -> list[Trouble]:
    codes = [name for name in found if not name.endswith(_EXAMPLE)]
    troubles = []
    for code in codes:
        example, message = json.loads(found.get(code + _EXAMPLE, '["", ""]'))
        count = int(found[code])
        troubles.append(Trouble(code=code, count=count, example=example, message=message))
    return sorted(troubles, key=lambda each: (-each.count, each.code))


def _time(seconds: str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
