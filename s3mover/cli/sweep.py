"""`s3mover sweep`: have a worker look after lost moves now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from s3mover import StillRunning
from s3mover.cli.options import common, connect, timeout, wants_json
from s3mover.cli.output import printable
from s3mover.polling import answered

if TYPE_CHECKING:
    from s3mover import Mover, SweepReport


@click.command(short_help="Have a worker look after lost moves now.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@timeout(30)
@common()
@click.pass_context
def sweep(ctx: click.Context, timeout: float, *, dry_run: bool) -> None:
    """
    Ask a worker to settle the moves that have gone quiet and to abort uploads left behind.

    Beat asks for it by itself, every minute unless a setting says otherwise.
    """
    report = wait_for_report(connect(ctx), timeout, dry_run=dry_run)
    click.echo(report.model_dump_json() if wants_json(ctx) else text(report))


def wait_for_report(mover: Mover, timeout: float, *, dry_run: bool = False) -> SweepReport:
    """Return what a worker has found; StillRunning when none answers in time."""
    task_id = mover.sweep(dry_run=dry_run)
    report = answered(lambda: mover.sweep_report(task_id), timeout)
    if report is None:
        raise StillRunning(f"no worker has swept within {timeout:g} s; is one running?")
    return report


def text(report: SweepReport) -> str:
    """Return one line for each thing that was done."""
    if report.skipped:
        return "another sweep is at work"
    settled, aborted = ("would settle", "would abort") if report.dry_run else ("settled", "aborted")
    lines = [f"{settled} move {move_id}" for move_id in report.settled]
    lines += [f"{aborted} {printable(upload)}" for upload in report.aborted]
    return "\n".join(lines) or "nothing to settle, nothing to abort"
