"""
`s3mover.steer_prefix`: carry the move of a prefix on, from wherever it is.

One idempotent function serves the first message, a cancel, a resume and the sweeper: what is open
is published again, and duplicates of messages do no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from celery import Task, current_app, shared_task

from driver import Permanent, Throttled, Transient
from s3mover import MoveError, PrefixRequest, State, journal, prefix_journal
from s3mover.contract import SETTLE_TASK
from s3mover.journal import kinds_of
from s3mover.prefix_contract import STEER_PREFIX_TASK
from s3mover.prefix_journal import prefix_key
from s3mover.scripts import Script
from tasks import chord, deployment, outbox
from tasks.backoff import backoff
from tasks.journal import dump_error
from tasks.prefix.begin import begin
from tasks.prefix.children import child_id
from tasks.prefix.page import MOST_CHILDREN, WINDOW, publish
from tasks.prefix.work import unpack

if TYPE_CHECKING:
    from tasks.deployment import Deployment

_SETTLE = Script("tasks", "prefix_settle", "prefix")


@shared_task(name=STEER_PREFIX_TASK, bind=True, max_retries=None)
def steer_prefix(self: Task[Any, Any], prefix_id: str) -> str:
    """Carry the move of a prefix on; safe to deliver twice."""
    steer(self, deployment.current(), prefix_id)
    return "steered"


def steer(task: Task[Any, Any], here: Deployment, prefix_id: str) -> None:
    """Begin the move, or publish what is open of it."""
    fields = cast("dict[str, str]", here.redis.hgetall(prefix_key(prefix_id)))
    if not fields or _is_final(fields["state"]):
        return
    tries = task.request.retries or 0
    try:
        if "started" not in fields and "stop" not in fields:
            begin(here, prefix_id, PrefixRequest.model_validate_json(fields["request"]))
    except Transient as error:
        if isinstance(error, Throttled) or tries < here.settings.attempts:
            raise task.retry(countdown=backoff(here.settings, tries), exc=error) from error
        fail(here, prefix_id, error)
    except Permanent as error:
        fail(here, prefix_id, error)
    carry(here, prefix_id)


def carry(here: Deployment, prefix_id: str) -> None:
    """Publish each open page, and those that are due; or end what is stopped."""
    bounds = here.settings.record_ttl, WINDOW, MOST_CHILDREN
    flat, pages, waiting = _SETTLE(here.redis, prefix_id, *bounds)
    fields = dict(zip(flat[::2], flat[1::2], strict=True))
    if not fields or _is_final(fields["state"]):
        outbox.ask(prefix_id, kinds_of(fields))
        return
    if "stop" in fields:
        for page in {*pages, *waiting}:
            cancel_children(here, prefix_id, page)
    for page in {int(page) for page in (*pages, *waiting)}:
        publish(prefix_id, page)


def cancel_children(here: Deployment, prefix_id: str, page: str) -> None:
    """Cancel the large objects of a page that are under way."""
    fields = cast("dict[str, str]", here.redis.hgetall(f"s3mover:page:{prefix_id}:{page}"))
    for item in unpack(fields["list"]) if "list" in fields else ():
        if fields.get(f"child {item.number}") != "open":
            continue
        move = child_id(prefix_id, page, item.number)
        answer = journal.stop(here.redis, move, "cancelled", ttl=here.settings.record_ttl)
        if answer == "stopping":
            generation = str(here.redis.hget(journal.move_key(move), "generation"))
            args = (chord.group_id(move, generation),)
            current_app.send_task(SETTLE_TASK, args=args, ignore_result=True)


def fail(here: Deployment, prefix_id: str, error: Exception) -> None:
    """End the whole for a reason that no object of it has given."""
    fault = dump_error(MoveError(code=type(error).__name__, message=str(error)))
    ttl = here.settings.record_ttl
    prefix_journal.steer(here.redis, prefix_id, "failed", error=fault, ttl=ttl)


def _is_final(state: str) -> bool:
    return state in {State.DONE, State.FAILED, State.CANCELLED}
