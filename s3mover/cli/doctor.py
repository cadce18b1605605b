"""`s3mover doctor`: tell what is wrong before a move does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from s3mover import BrokerUnavailable, DoctorReport, Finding
from s3mover.cli.exits import Exit
from s3mover.cli.options import common, connect, timeout, wants_json
from s3mover.cli.output import printable
from s3mover.polling import looks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s3mover import Mover

MARKS = {"ok": "ok", "warning": "WARNING", "failed": "FAILED", "skipped": "skipped"}

START = "start one: celery -A worker worker; a worker with wrong settings says so and ends"


@click.command()
@timeout(60)
@common()
@click.pass_context
def doctor(ctx: click.Context, timeout: float) -> None:
    """
    Check the broker, and have a worker check the buckets that moves may touch.

    The worker asks each bucket for all that moves and the driver need, by harmless requests:
    what it writes has a name of its own below ~s3mover/doctor/, and is removed.
    """
    report, code = examine(connect(ctx), timeout)
    click.echo(report.model_dump_json() if wants_json(ctx) else text(report))
    ctx.exit(code)


def examine(mover: Mover, timeout: float) -> tuple[DoctorReport, Exit]:
    """Return what was found, and how the command ends."""
    try:
        found = [*mover.examine_broker()]
        report = _asked(mover, timeout)
    except BrokerUnavailable as error:
        away = Finding(check="broker", status="failed", detail=str(error), advice="start Redis")
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


def _asked(mover: Mover, timeout: float) -> DoctorReport | None:
    task_id = mover.doctor()
    for _ in looks(timeout):
        report = mover.doctor_report(task_id)
        if report is not None:
            return report
    return None


def text(report: DoctorReport) -> str:
    """Return a line for each finding, and below it what to do."""
    rows = [_row(each) for each in report.findings]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for each, row in zip(report.findings, rows, strict=True):
        lines.append("  ".join(map(str.ljust, row, widths)).rstrip())
        if each.advice:
            lines.append(f"{'':{widths[0]}}  -> {printable(each.advice)}")
    return "\n".join([*lines, "", _summary(report.findings)])


def _row(found: Finding) -> Sequence[str]:
    cells = (MARKS[found.status], found.bucket, found.check, found.detail)
    return [printable(cell) for cell in cells]


def _summary(findings: Sequence[Finding]) -> str:
    failed = sum(each.status == "failed" for each in findings)
    warned = sum(each.status == "warning" for each in findings)
    if failed:
        return f"{failed} of {len(findings)} checks failed: moves will fail"
    return f"moves can work; {warned} warnings" if warned else "all is well"
