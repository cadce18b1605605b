"""`s3mover.move_prefix`: accept the request, then have the move carried on."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from celery import Task, shared_task
from celery.exceptions import Reject
from pydantic import ValidationError
from redis.exceptions import RedisError

from s3mover import IdempotencyConflict, InvalidRequest, MoveError, PrefixRequest, prefix_journal
from s3mover.prefix_contract import MOVE_PREFIX_TASK
from s3mover.prefix_request import prefix_id_of
from s3mover.request import faults
from s3mover.scripts import Script
from tasks import deployment
from tasks.journal import dump_error
from tasks.prefix.steer import steer

if TYPE_CHECKING:
    from tasks.deployment import Deployment

log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds between looks at a Redis that refuses the journal

_REFUSE = Script("tasks", "prefix_refuse", "prefix")


@shared_task(name=MOVE_PREFIX_TASK, bind=True, max_retries=None)
def move_prefix(self: Task[Any, Any], *args: Any, **fields: Any) -> str:
    """Start the move of a prefix; the arguments are the fields of PrefixRequest."""
    here = deployment.current()
    try:
        prefix_id = accept(here, str(self.request.id), args, fields)
    except RedisError as error:  # as of s3mover.move: there may be nothing but this message
        log.warning("%s is not accepted yet: %s", self.request.id, error)
        time.sleep(_PAUSE)
        raise Reject(error, requeue=True) from error
    if prefix_id is None:
        return "refused"
    steer(self, here, prefix_id)
    return "started"


def accept(
    here: Deployment, task_id: str, args: tuple[object, ...], fields: dict[str, Any]
) -> str | None:
    """Return the id of the move that a message asks for; None when it is no valid request."""
    try:
        request = _request(args, fields)
        key = request.idempotency_key
        prefix_id = prefix_id_of(key) if key else task_id
        prefix_journal.accept(here.redis, prefix_id, request)
    except (ValidationError, InvalidRequest, IdempotencyConflict) as error:
        text = faults(error) if isinstance(error, ValidationError) else str(error)
        is_conflict = isinstance(error, IdempotencyConflict)
        code = "IdempotencyConflict" if is_conflict else "InvalidRequest"
        fault = dump_error(MoveError(code=code, message=text[:2000]))
        _REFUSE(here.redis, task_id, fault, here.settings.record_ttl)
        return None
    return prefix_id


def _request(args: tuple[object, ...], fields: dict[str, Any]) -> PrefixRequest:
    if args:
        raise InvalidRequest("it goes into keyword arguments: source=…, destination=…")
    return PrefixRequest.model_validate(fields)
