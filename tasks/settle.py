"""`s3mover.settle`: the chord's callback, its errback, and the sweeper's verdict."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task

from driver import Transient
from s3mover.contract import SETTLE_TASK
from tasks import deployment
from tasks.backoff import backoff, soon
from tasks.carry import carry
from tasks.errors import Busy, NotOwned, Wait
from tasks.journal import owning


@shared_task(name=SETTLE_TASK, bind=True, max_retries=None)
def settle(self: Task[Any, Any], key: str) -> str:
    """Complete, verify and delete, or abort, or launch again; `key` is `move id.generation`."""
    here = deployment.current()
    move_id, _, generation = key.rpartition(".")
    try:
        with owning(here, move_id, generation) as move:
            carry(here, move)
    except (Busy, Wait) as error:
        raise self.retry(countdown=soon(here.settings), exc=error) from None
    except NotOwned:
        return "superseded"
    except Transient as error:
        raise self.retry(countdown=backoff(here.settings, move.launches), exc=error) from error
    return "settled"
