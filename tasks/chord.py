"""
A chord with a sliding window: Celery counts one header task a part, few are published at once.

Celery's `chord()` publishes the whole header; here its size is set first and each part that
ends publishes the next. Uses three things of Celery 5.7 that are not documented, each under a
contract test: `backend.set_chord_size`, `backend.get_key_for_group` and the publishing options
`group_id`, `group_index` and `chord` (read 2026-11).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from celery import current_app

from s3mover import tracing
from s3mover.contract import COPY_PART_TASK, PARTS_QUEUE, SETTLE_TASK
from s3mover.display import shown
from tasks import part_message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redis import Redis

_SUFFIXES = (".j", ".t", ".s", ".d")

_AT_ONCE = 100  # messages in one request

# As long as Celery itself remembers a chord that has fired: late parts find this mark.
_ENDED = {"value": "done", "ex": 300}


def group_id(move_id: str, generation: int | str) -> str:
    return f"{move_id}.{generation}"


def difference_key(group: str) -> str:
    """Return the key of what Celery adds to the size of a chord."""
    return _key(group, ".t")


def start(group: str, size: int, parts: Iterable[int]) -> None:
    """Open a chord of `size` parts and publish the first of them."""
    current_app.backend.set_chord_size(group, size)
    template = message(group)
    if template:
        client: Redis = current_app.backend.client  # type: ignore[attr-defined]  # the stubs lack it
        filled = [part_message.fill(template, part, uuid4().hex) for part in parts]
        for i in range(0, len(filled), _AT_ONCE):
            client.lpush(PARTS_QUEUE, *filled[i : i + _AT_ONCE])
        return
    with current_app.producer_or_acquire() as producer, producer.batch(_AT_ONCE):
        for part in parts:
            publish(group, part, producer=producer)


def message(group: str) -> str:
    """Return the template of a part's message; '' if each is to tell of its own span."""
    return "" if tracing.parent() else part_message.template(group, _callback)


def publish(group: str, part: int, producer: Any = None) -> None:
    """Publish one part; a copy of its message counts once, by its task id."""
    move_id, _, generation = group.rpartition(".")
    current_app.send_task(
        COPY_PART_TASK,
        args=(move_id, int(generation), part),
        task_id=f"{group}.{part}",
        group_id=group,
        group_index=part,
        chord=_callback(group),
        ignore_result=True,
        producer=producer,
        kwargsrepr=shown(move_id, part=part, generation=int(generation)),
    )


def drop(redis: Any, group: str) -> None:
    """Forget a chord, so that its late parts neither fire it nor leave keys behind."""
    pipe = redis.pipeline(transaction=False)
    pipe.delete(*(_key(group, suffix) for suffix in _SUFFIXES))
    pipe.set(_key(group, ".c"), **_ENDED)
    pipe.execute()


@lru_cache(maxsize=256)
def _callback(group: str) -> Any:
    # Settle is callback and errback: a part that Celery records as failed (a lost worker, Redis
    # away while it returned) must not keep the move from its verdict. One argument, or Celery
    # calls an errback inline (read in 5.7, 2026-11).
    move_id, _, generation = group.rpartition(".")
    options = {
        "task_id": f"{group}.settle",
        "kwargsrepr": shown(move_id, generation=int(generation)),
    }
    settle = current_app.signature(SETTLE_TASK, args=(group,), immutable=True, options=options)
    return settle.on_error(settle.clone())


def _key(group: str, suffix: str) -> str:
    key: bytes = current_app.backend.get_key_for_group(group, suffix)  # type: ignore[attr-defined]
    return key.decode()
