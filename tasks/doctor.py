"""`s3mover.doctor`: what this worker's credentials and network allow in the buckets."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from celery import Task, shared_task

import driver
from s3mover.contract import DOCTOR_TASK, DoctorReport, Finding
from s3mover.journal import doctor_key
from tasks import deployment

if TYPE_CHECKING:
    from tasks.deployment import Deployment

_ATTEMPTS = 2
"""Of each request: somebody waits for the answer."""

_REPORT_TTL = 3600


@shared_task(name=DOCTOR_TASK, bind=True)
def doctor(self: Task[Any, Any]) -> str:
    """Examine the buckets that moves may touch, and keep the report for who asked."""
    here = deployment.current()
    report = examine(here, self.request.hostname or "").model_dump_json()
    here.redis.set(doctor_key(str(self.request.id)), report, ex=_REPORT_TTL)
    return report


def examine(here: Deployment, worker: str) -> DoctorReport:
    """Examine each bucket by harmless requests."""
    s3 = here.settings.s3
    client = driver.make_client(s3, attempts=_ATTEMPTS)
    try:
        findings = [
            Finding(**asdict(found))
            for bucket in sorted(here.settings.buckets)
            for found in driver.examine(client, s3, bucket)
        ]
    finally:
        client.close()
    return DoctorReport(worker=worker, findings=findings)
