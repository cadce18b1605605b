"""`s3mover.report_prefix`: write the report of a move as one object, and say where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import Task, shared_task

from driver import DriverError, Throttled, Transient
from s3mover import MoveError, UnknownMove
from s3mover.prefix_report import REPORT_PREFIX_TASK, PrefixReport, report_key
from tasks import deployment
from tasks.backoff import backoff
from tasks.prefix.joining import join

if TYPE_CHECKING:
    from s3mover.prefix_report import ReportFormat

_TTL = 3600


@shared_task(name=REPORT_PREFIX_TASK, bind=True, max_retries=None)
def report_prefix(self: Task[Any, Any], prefix_id: str, form: ReportFormat) -> str:
    """Write the answer down for whoever asked; safe to deliver twice."""
    here = deployment.current()
    tries = self.request.retries or 0
    try:
        report = join(here, prefix_id, form)
    except (Throttled, Transient) as error:
        if tries < here.settings.attempts:
            raise self.retry(countdown=backoff(here.settings, tries + 1), exc=error) from error
        report = _failed(prefix_id, error)
    except (DriverError, UnknownMove) as error:
        report = _failed(prefix_id, error)
    here.redis.set(report_key(str(self.request.id)), report.model_dump_json(), ex=_TTL)
    return "failed" if report.error else "written"


def _failed(prefix_id: str, error: Exception) -> PrefixReport:
    fault = MoveError(code=type(error).__name__, message=str(error))
    return PrefixReport(id=prefix_id, error=fault)
