"""
A consumer that refuses what is no task message, and goes on.

Celery 5.7 unpacks a message's body and headers while it receives it, unchecked: a body such as `[]`
ends the worker, is put back into the queue and ends the next one (celery/worker/request.py
`Request.__init__`, read 2026-11). Here such a message is recorded as a failed move, for its sender
to see, and dropped.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from celery.worker import consumer
from kombu.exceptions import ContentDisallowed, DecodeError
from redis.exceptions import RedisError

from s3mover import MoveError
from s3mover.contract import MOVE_TASK
from tasks import deployment
from tasks.journal import refuse
from worker import events
from worker.handback import hand_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from kombu import Message

log = logging.getLogger(__name__)

_LONGEST = 500  # characters of an error in the log

# A `shadow` that is no text fails when the task is begun: such a message is never acknowledged,
# comes again for ever, and holds a thread's place (Celery 5.7, 2026-11).
_TEXTS = (
    *("id", "root_id", "parent_id", "group"),
    *("shadow", "lang", "origin", "argsrepr", "kwargsrepr"),
)

_MALFORMED = (TypeError, ValueError, LookupError, ContentDisallowed, DecodeError)


class Consumer(consumer.Consumer):
    """Celery's consumer, but no message ends it, and it gives back what it will not begin."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        events.follow(self)

    def stop(self) -> None:
        try:
            hand_back(self)
        finally:
            super().stop()

    def create_task_handler(self, *args: Any, **options: Any) -> Callable[[Message], None]:
        receive = super().create_task_handler(*args, **options)

        def on_task_received(message: Message) -> None:
            try:
                check(message.headers, message.payload)
                receive(message)
            except _MALFORMED as error:
                self.on_invalid_task(None, message, error)

        return on_task_received

    def on_invalid_task(self, body: object, message: Message, exc: Exception) -> None:
        record(message, exc)
        if message.acknowledged:  # Celery has dropped it, and failed while it told of it
            log.error("dropped what is no task message: %s", ascii(exc)[:_LONGEST])
        else:
            super().on_invalid_task(body, message, exc)


def check(headers: object, payload: object) -> None:
    """Raise ValueError or TypeError when a message is none of Celery's protocol 2."""
    if not isinstance(headers, dict) or "task" not in headers:
        return
    for name in _TEXTS:
        if not isinstance(headers.get(name), str | None):
            raise TypeError(f"the header {name} is no text")
    for name in ("eta", "expires"):
        # Celery takes what is empty for no time, and then asks it for its zone (5.7, 2026-11).
        if headers.get(name) is not None and not headers[name]:
            raise ValueError(f"the header {name} is no time")
    match payload:
        case [list(), dict(), dict() | None] | {"args": _}:
            return
    raise ValueError("the body is not [args, kwargs, options]")


def record(message: Message, error: Exception) -> None:
    """Tell the sender of a move, under its task id, what is wrong with its message."""
    headers = message.headers if isinstance(message.headers, dict) else {}
    move_id = headers.get("id")
    if headers.get("task") != MOVE_TASK or not isinstance(move_id, str):
        return
    text = f"send a task message of Celery's protocol 2, as JSON: {error}"
    settings = deployment.settings()
    redis = deployment.connect(settings)  # of its own: this may be the parent of forked workers
    try:
        refused = MoveError(code="InvalidRequest", message=text[:2000])
        refuse(redis, move_id, refused, settings.record_ttl)
    except RedisError as fault:
        log.warning("the refusal of %s is not recorded: %s", move_id, fault)
    finally:
        redis.close()
