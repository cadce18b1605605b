"""`s3mover.move`: plan a move; copy, verify and delete in this task, or launch its parts."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, cast

from celery import Task, shared_task
from celery.exceptions import Reject
from pydantic import ValidationError
from redis.exceptions import RedisError

from s3mover import IdempotencyConflict, MoveError, MoveRequest, journal
from s3mover.contract import MOVE_TASK
from s3mover.request import faults, move_id_of
from tasks import deployment, events, outbox
from tasks.carry import try_to_carry
from tasks.journal import dump_error, refuse

if TYPE_CHECKING:
    from tasks.deployment import Deployment


log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds between looks at a Redis that refuses the journal


# No events of Celery's own: they would end the row of the move when its parts are launched.
@shared_task(name=MOVE_TASK, base=events.Readable, bind=True, max_retries=None, send_events=False)
def move(self: Task[Any, Any], *args: Any, **fields: Any) -> str:
    """Start a move; the arguments are the fields of MoveRequest, the task's id is the move's."""
    here = deployment.current()
    try:
        move_id = accept(here, str(self.request.id), args, fields)
    except RedisError as error:
        # A task that fails is acknowledged, and of this one there may be nothing but its message.
        log.warning("%s is not accepted yet: %s", self.request.id, error)
        time.sleep(_PAUSE)
        raise Reject(error, requeue=True) from error
    if move_id is None:
        events.ended(here.redis, str(self.request.id))
        return "refused"
    return "started" if try_to_carry(self, here, move_id, generation="") else "superseded"


def accept(
    here: Deployment, task_id: str, args: tuple[object, ...], fields: dict[str, Any]
) -> str | None:
    """
    Return the id of the move that a message asks for, with a record of it in the journal.

    None when it is no valid request; its sender finds that under the task's id.
    """
    ttl = here.settings.record_ttl
    if args:
        text = "the request goes into keyword arguments: source=…, destination=…"
        refuse(here.redis, task_id, MoveError(code="InvalidRequest", message=text), ttl)
        return None
    try:
        request = MoveRequest.model_validate(fields)
        key = request.idempotency_key
        move_id = move_id_of(key) if key else task_id
        journal.accept(here.redis, move_id, request)
    except ValidationError as error:
        fault = MoveError(code="InvalidRequest", message=faults(error)[:2000])
        if not refuse(here.redis, task_id, fault, ttl):
            _end_unreadable(here, task_id, fault)
        return None
    except IdempotencyConflict as error:
        fault = MoveError(code=type(error).__name__, message=str(error)[:2000])
        refuse(here.redis, task_id, fault, ttl, request)
        outbox.ask(task_id, request.callbacks)
        return None
    return move_id


def _end_unreadable(here: Deployment, move_id: str, fault: MoveError) -> None:
    """End a move that its client has recorded, but whose request only a newer release can read."""
    request = cast("str | None", here.redis.hget(journal.move_key(move_id), "request"))
    try:
        MoveRequest.model_validate_json(request or "")
    except ValidationError:
        ttl = here.settings.record_ttl
        journal.stop(here.redis, move_id, "failed", error=dump_error(fault), ttl=ttl)
