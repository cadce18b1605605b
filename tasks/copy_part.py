"""`s3mover.copy_part`: one UploadPartCopy, then the next part of the window."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal

from celery import Task, shared_task

import driver
from driver import NoSuchUpload, NotImplementedByStore, Permanent, Throttled, Transient
from s3mover import MoveError, journal, tracing
from s3mover.contract import COPY_PART_TASK
from tasks import chord, deployment, events, throttle, window
from tasks.backoff import backoff
from tasks.errors import DeadlineExceeded, PoisonedPart
from tasks.journal import dump_error
from tasks.troubles import dump_trouble
from tasks.window import Part

if TYPE_CHECKING:
    from tasks.deployment import Deployment
    from tasks.window import Claim

log = logging.getLogger(__name__)

# Times the attempts of a part: whatever kills a worker takes the innocent parts in it along.
_POISON = 4


@shared_task(name=COPY_PART_TASK, base=events.Readable, bind=True, max_retries=None)
def copy_part(
    self: Task[Any, Any], move_id: str, generation: int, number: int, attempt: int = 1
) -> str:
    """Copy one part; safe to deliver twice."""
    here = deployment.current()
    part = Part(move_id, generation, number)
    claim = window.claim(
        here.redis, part, here.settings.part_lease, _POISON * here.settings.attempts
    )
    if claim.verdict in {"busy", "full"}:
        # Never dropped: this may be the only message of the part (its other holder may be dead).
        raise self.retry(countdown=min(claim.seconds, here.settings.visibility_timeout / 4))
    if claim.verdict == "throttled":
        return wait(self, here, part, claim)
    try:
        return run(here, part, claim, self.request.hostname or "?")
    except Throttled as error:
        pause, waited = throttle.note_part(here, part, claim.token, error)
        if waited >= throttle.LONGEST:
            return fail(here, part, claim, error)
        raise self.retry(countdown=pause) from error  # no attempt: the part has done nothing wrong
    except Transient as error:
        if attempt < here.settings.attempts:
            window.release(here.redis, part, claim.token, dump_trouble(error, number))
            log.warning("tried again: %s", error)
            again = (move_id, generation, number, attempt + 1)
            raise self.retry(args=again, countdown=backoff(here.settings, attempt)) from error
        return fail(here, part, claim, error)


def wait(task: Task[Any, Any], here: Deployment, part: Part, claim: Claim) -> str:
    """Have the part come again for a place in a bucket that throttles, unless it is too late."""
    if claim.plan and claim.plan.is_late:
        return fail(here, part, claim, late())
    if claim.waited >= throttle.LONGEST:
        return fail(here, part, claim, throttle.given_up(f"part {part.number}"))
    tries = task.request.retries or 0
    raise task.retry(countdown=throttle.countdown(here.settings, claim.seconds, tries))


def run(here: Deployment, part: Part, claim: Claim, worker: str) -> str:
    """
    Copy a claimed part, and publish the next before this one is counted by the chord.

    A permanent error stops the window; Transient passes, and leaves the place to the caller.
    """
    if claim.verdict in {"stale", "stopped"}:
        return claim.verdict
    if claim.verdict == "poison":
        tries = _POISON * here.settings.attempts
        text = f"the part was begun {tries} times and never ended: does it kill its worker?"
        return fail(here, part, claim, PoisonedPart(text))
    if claim.verdict == "run" and claim.plan and claim.plan.is_late:
        return fail(here, part, claim, late())
    if claim.verdict == "run":
        try:
            _copy(here, part, claim)
        except Transient:
            raise
        except Exception as error:
            if not isinstance(error, Permanent):
                log.exception("part %s.%s", part.group, part.number)
            return fail(here, part, claim, error)
    tell = events.teller(part.move_id, claim.plan)
    with tracing.continuing(claim.trace):
        message = chord.message(part.group)
        following = window.advance(here.redis, part, claim.token, worker, tell, message=message)
        if following and not message:
            chord.publish(part.group, following)
    return "copied"


def late() -> DeadlineExceeded:
    return DeadlineExceeded("the move was not complete at its deadline")


def _copy(here: Deployment, part: Part, claim: Claim) -> None:
    if claim.plan is None or claim.upload is None:
        raise TypeError(claim)
    with here.keeper.keeping(part.move_id, part.number, claim.token):
        driver.copy_part(here.s3, claim.upload, claim.plan.pin, part.number, claim.plan.part_size)


def fail(here: Deployment, part: Part, claim: Claim, error: Exception) -> str:
    """Stop the window for good and give the part's place back."""
    fault = MoveError(code=type(error).__name__, message=str(error), part=part.number)
    reason = reason_of(error)
    journal.stop(
        here.redis,
        part.move_id,
        reason,
        error=dump_error(fault) if reason == "failed" else "",
        ttl=here.settings.record_ttl,
        generation=str(part.generation),
    )
    window.release(here.redis, part, claim.token)
    return reason


def reason_of(error: Exception) -> Literal["failed", "whole", "again"]:
    """Decide how a move goes on after a part's error: it ends, or changes its course."""
    if isinstance(error, NotImplementedByStore):
        return "whole"
    if isinstance(error, NoSuchUpload):
        return "again"
    return "failed"
