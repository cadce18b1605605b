"""`s3mover.settle`: the chord's callback, its errback, and the sweeper's verdict."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task

from s3mover.contract import SETTLE_TASK
from tasks import deployment
from tasks.carry import try_to_carry
from tasks.events import Readable


@shared_task(name=SETTLE_TASK, base=Readable, bind=True, max_retries=None)
def settle(self: Task[Any, Any], key: str) -> str:
    """Complete, verify and delete, or abort, or launch again; `key` is `move id.generation`."""
    here = deployment.current()
    move_id, _, generation = key.rpartition(".")
    return "settled" if try_to_carry(self, here, move_id, generation) else "superseded"
