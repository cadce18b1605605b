"""
Carrying a move on, from wherever it is.

One idempotent function serves a fresh message, the chord's callback, its errback and the
sweeper: it asks the journal and S3 what is there, not Celery's results.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from driver import Permanent, Throttled, Transient
from s3mover import MoveError, journal
from tasks import ending, events, stages, throttle
from tasks.backoff import backoff, soon
from tasks.errors import (
    Busy,
    DeadlineExceeded,
    Ended,
    GivenUp,
    NoPlace,
    NotOwned,
    Paused,
    StopAsked,
    Wait,
)
from tasks.journal import dump_error, owning
from tasks.patience import may_pass

if TYPE_CHECKING:
    from celery import Task

    from tasks.deployment import Deployment
    from tasks.journal import OwnedMove


log = logging.getLogger(__name__)


def try_to_carry(task: Task[Any, Any], here: Deployment, move_id: str, generation: str) -> bool:
    """Own a move and carry it on, or have the task come again; False if it is not ours to carry."""
    try:
        with owning(here, move_id, generation) as move:
            if "plan" not in move.fields:
                events.begun(move)
            carry(here, move)
    except Paused as error:
        raise task.retry(countdown=error.seconds, exc=error) from None
    except NoPlace as error:
        pause = throttle.countdown(here.settings, error.seconds, task.request.retries or 0)
        raise task.retry(countdown=pause, exc=error) from None
    except (Busy, Wait) as error:
        raise task.retry(countdown=soon(here.settings), exc=error) from None
    except Ended:
        # Without a worker, or in one that died before it could tell Flower.
        events.ended(here.redis, move_id)
        return False
    except NotOwned:
        return False
    except Transient as error:
        log.warning("tried again: %s", error)
        raise task.retry(countdown=backoff(here.settings, move.launches), exc=error) from error
    return True


def carry(here: Deployment, move: OwnedMove) -> None:
    """
    Carry a move as far as it goes without waiting for parts.

    Raises Transient or a Wait when it is to be carried again later, NotOwned when it is no
    longer ours; a permanent error ends the move as failed.
    """
    try:
        _carry_or_end(here, move)
    except Throttled as error:  # no try: the move has done nothing wrong
        raise Paused(throttle.note_move(here, move, error)) from error


def _carry_or_end(here: Deployment, move: OwnedMove) -> None:
    try:
        _carry(here, move)
    except StopAsked:
        raise Wait from None  # it is at the start of the next try that a stop is looked at
    except (Transient, Permanent) as error:
        if may_pass(here, move, error):
            raise
        ending.fail(here, move, error)


def _carry(here: Deployment, move: OwnedMove) -> None:
    if reason := move.stop_asked():
        ending.stop(here, move, reason)
    if move.over:
        return
    if move.launches > here.settings.attempts:
        if move.parts_in_flight():
            raise Wait
        msg = f"given up after {here.settings.attempts} attempts without progress"
        raise GivenUp(msg, operation="move")
    _stop_late_parts(here, move)
    throttle.obey(here, move)
    _next_stage(here, move)


def _stop_late_parts(here: Deployment, move: OwnedMove) -> None:
    """Stop the parts of a move that is past its deadline; it ends when they have come home."""
    plan = move.plan
    if plan is None or not plan.is_late or not move.parts_in_flight():
        return
    try:
        stages.refuse_late(move, plan)
    except DeadlineExceeded as error:
        fault = dump_error(MoveError(code=type(error).__name__, message=str(error)))
        journal.stop(here.redis, move.id, "failed", error=fault, ttl=here.settings.record_ttl)
        raise Wait from error


def _next_stage(here: Deployment, move: OwnedMove) -> None:
    plan = move.plan
    if plan is None:
        stages.pin(here, move)
    elif "evidence" in move.fields:
        stages.delete_again(here, move, plan)
    elif "copied" in move.fields:
        stages.verify(here, move, plan, move.fields["copied"])
    elif move.upload is not None:
        stages.complete(here, move, plan, move.upload)
    else:
        stages.copy(here, move, plan)
