"""`s3mover doctor`: tell what is wrong before a move does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from s3mover import BrokerUnavailable, DoctorReport, Finding
from s3mover.cli.exits import Exit
from s3mover.cli.options import common, connect, timeout, wants_json
from s3mover.cli.output import printable
from s3mover.cli.tables import aligned
from s3mover.polling import answered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s3mover import Mover

MARKS = {"ok": "ok", "warning": "WARNING", "failed": "FAILED", "skipped": "skipped"}

AWAY = "start Redis, or set S3MOVER_BROKER_URL, with user and password, to the one that runs"

START = "start one: celery -A worker worker; a worker with wrong settings says so and ends"


@click.command(short_help="Check the broker, and by a worker the buckets.")
@timeout(60)
@common()
@click.pass_context
def doctor(ctx: click.Context, timeout: float) -> None:
    """
    Check the broker, and have a worker check the buckets that moves may touch.

    The worker asks each bucket for all that moves and the driver need, by harmless requests:
    what it writes has a name of its own below ~s3mover/doctor/, and is removed at the end.
    """
    report, code = examine(connect(ctx), timeout)
    click.echo(report.model_dump_json() if wants_json(ctx) else text(report))
    ctx.exit(code)


def examine(mover: Mover, timeout: float) -> tuple[DoctorReport, Exit]:
    """Return what was found, and how the command ends."""
    try:
        found = [*mover.examine_broker()]
        task_id = mover.doctor()
        report = answered(lambda: mover.doctor_report(task_id), timeout)
    except BrokerUnavailable as error:
        away = Finding(check="broker", status="failed", detail=str(error), advice=AWAY)
        return DoctorReport(findings=[away]), Exit.UNAVAILABLE
    if report is None:
        detail = f"none answered within {timeout:g} s"
        found.append(Finding(check="worker", status="failed", detail=detail, advice=START))
        return DoctorReport(findings=found), Exit.STILL_RUNNING
    found.append(Finding(check="worker", status="ok", detail=report.worker))
    found += report.findings
    failed = any(each.status == "failed" for each in found)
    whole = DoctorReport(worker=report.worker, findings=found)
    return whole, Exit.FAILED if failed else Exit.DONE


def text(report: DoctorReport) -> str:
    """Return a line for each finding, and below it what to do."""
    rows = aligned([_row(each) for each in report.findings]).splitlines()
    indent = max(len(MARKS[each.status]) for each in report.findings)
    lines = []
    for each, row in zip(report.findings, rows, strict=True):
        lines.append(row)
        if each.advice:
            lines.append(f"{'':{indent}}  -> {printable(each.advice)}")
    return "\n".join([*lines, "", _summary(report.findings)])


def _row(found: Finding) -> Sequence[str]:
    return MARKS[found.status], found.bucket, found.check, found.detail


def _summary(findings: Sequence[Finding]) -> str:
    failed = sum(each.status == "failed" for each in findings)
    warned = sum(each.status == "warning" for each in findings)
    if failed:
        return f"{failed} of {len(findings)} checks failed: moves will fail"
    return f"moves can work; warnings: {warned}" if warned else "all is well"
