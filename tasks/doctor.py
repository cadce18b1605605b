"""`s3mover.doctor`: what this worker's credentials and network allow in the buckets."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task

from s3mover.contract import DOCTOR_TASK
from s3mover.journal import doctor_key
from tasks import deployment
from tasks.examination import examine

_REPORT_TTL = 3600


@shared_task(name=DOCTOR_TASK, bind=True)
def doctor(self: Task[Any, Any]) -> str:
    """Examine the buckets that moves may touch, and keep the report for who asked."""
    here = deployment.current()
    report = examine(here.settings, self.request.hostname or "").model_dump_json()
    here.redis.set(doctor_key(str(self.request.id)), report, ex=_REPORT_TTL)
    return report
