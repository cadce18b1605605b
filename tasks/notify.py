"""`s3mover.notify`: makes one callback of a move that has ended."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task

from s3mover.contract import NOTIFY_TASK
from tasks import deployment
from tasks.callbacks import make


@shared_task(name=NOTIFY_TASK, bind=True, max_retries=None)
def notify(self: Task[Any, Any], move_id: str, kind: str) -> str:
    """
    Send the `on_end` task of a move, or call its `webhook`.

    In the queue `control`, which every deployment serves; few wait for web apps at once.
    """
    here = deployment.current()
    pause = make(here, move_id, kind)
    if pause is None:
        return "made"
    # Celery keeps a waiting message unacknowledged, and Redis would deliver it a second time:
    # after a longer pause it is the sweep that asks.
    if pause <= here.settings.visibility_timeout / 4:
        raise self.retry(countdown=pause)
    return "later"
