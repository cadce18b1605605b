"""Making the callbacks of a move that has ended: each at least once, none for ever."""

from __future__ import annotations

import logging
import random
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from celery import current_app
from kombu import Exchange, Queue
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from s3mover import PrefixRequest, UnknownMove, journal, prefix_journal
from s3mover.callbacks import on_end_id
from tasks import outbox, receivers, webhook
from tasks.pinned import TOTAL_TIMEOUT
from tasks.receivers import CallbackRefused
from tasks.webhook import NotDelivered, ReceiverGone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from s3mover import MoveRecord, MoveRequest, PrefixRecord
    from s3mover.callbacks import OnEnd
    from tasks.deployment import Deployment

log = logging.getLogger(__name__)

# Threads of this process that wait for web apps at once: the others are for moves.
_places = BoundedSemaphore(4)

_LONGEST_CALL = 4 * TOTAL_TIMEOUT  # seconds; looking up a name may take a while too
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 3600.0


def make(here: Deployment, move_id: str, kind: str) -> float | None:
    """Make a callback if it is owed; return the seconds after which it is to be tried again."""
    with _place(kind) as free:
        if not free:
            return random.uniform(0.1, 1) * min(5, here.settings.visibility_timeout / 4)  # noqa: S311  # jitter, not a secret
        held = _LONGEST_CALL if kind == "webhook" else here.settings.part_lease
        tries, request = outbox.take(here.redis, move_id, kind, held)
        if request is None:
            return None
        try:
            is_prefix = isinstance(request, PrefixRequest)
            read = prefix_journal.read if is_prefix else journal.read
            record: MoveRecord | PrefixRecord = read(here.redis, move_id)
        except UnknownMove:  # it has expired
            return None
        return _try(here, kind, tries, request, record)


def pause_after(tries: int) -> float:
    """Return seconds before the next try: 5, 15, 45, … up to an hour, a little less or more."""
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 3.0 ** min(tries - 1, 10))
    return pause * random.uniform(0.9, 1.1)  # noqa: S311  # jitter, not a secret


def _try(
    here: Deployment,
    kind: str,
    tries: int,
    request: MoveRequest | PrefixRequest,
    record: MoveRecord | PrefixRecord,
) -> float | None:
    pause: float | None = None
    try:
        word, level = _tell(here, kind, tries, request, record), logging.INFO
    except (CallbackRefused, ReceiverGone) as error:
        word, level = f"not sent: {error}", logging.ERROR
    except (NotDelivered, OperationalError, RedisError) as error:
        if tries < here.settings.callback_attempts:
            pause = pause_after(tries)
            word, level = f"try {tries} failed, another follows: {error}", logging.WARNING
        else:
            word, level = f"given up after {tries} tries: {error}", logging.ERROR
    log.log(level, "%s %s: %s", record.id, kind, word)
    outbox.told(here.redis, record.id, kind, word, pause)
    return pause


def _tell(
    here: Deployment,
    kind: str,
    tries: int,
    request: MoveRequest | PrefixRequest,
    record: MoveRecord | PrefixRecord,
) -> str:
    if tries > (most := here.settings.callback_attempts):  # the others ended with their workers
        raise CallbackRefused(f"begun {most} times, and never ended")
    if kind == "webhook" and request.webhook is not None:
        return webhook.send(here.settings, request.webhook, record)
    if kind == "on_end" and request.on_end is not None:
        return _publish(here, request.on_end, record)
    raise CallbackRefused("the request names none")


def _publish(here: Deployment, on_end: OnEnd, record: MoveRecord | PrefixRecord) -> str:
    receivers.check_queue(here.settings, name := on_end["queue"])
    current_app.send_task(
        on_end["task"],
        kwargs={**on_end.get("kwargs", {}), "record": webhook.final(record)},
        task_id=on_end_id(record.id),
        # Not its name: Celery would add it to the queues that our own workers consume (5.7).
        queue=Queue(name, Exchange(name), routing_key=name),  # type: ignore[arg-type]  # its stubs
        ignore_result=True,
        add_to_parent=False,
    )
    return "sent"


@contextmanager
def _place(kind: str) -> Iterator[bool]:
    if kind != "webhook":
        yield True
        return
    free = _places.acquire(blocking=False)
    try:
        yield free
    finally:
        if free:
            _places.release()
