"""`s3mover report`: where the report of the move of a prefix is, or all of it in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s3mover import StillRunning
from s3mover.cli.complaints import about, complain
from s3mover.cli.exits import Exit
from s3mover.cli.options import common, connect, timeout, wants_json
from s3mover.cli.output import counted, printable
from s3mover.polling import answered

if TYPE_CHECKING:
    from s3mover.prefix_report import PrefixReport, ReportFormat


@click.command()
@click.argument("move_id", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    help="Have a worker write all lines to one object; by default what FILE ends with.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Get that object as a file, by a URL that the worker signs.",
)
@timeout(None)
@common()
@click.pass_context
def report(
    ctx: click.Context,
    move_id: str,
    form: ReportFormat | None,
    output: Path | None,
    timeout: float | None,
) -> None:
    """
    Print where the report of the move of a prefix is: a line an object, with the evidence.

    Without options it is a prefix with files of JSON lines, one or more a page.
    """
    about(ctx, move_id)
    prefixes = connect(ctx).prefixes
    if not form and not output:
        record = prefixes.status(move_id)
        click.echo(json.dumps({"report": record.report}) if wants_json(ctx) else record.report)
        return
    form = form or ("csv" if output and output.suffix.lower() == ".csv" else "jsonl")
    task_id = prefixes.report(move_id, form)
    found = answered(lambda: prefixes.report_answer(task_id), timeout)
    if found is None:
        raise StillRunning(f"no worker has answered within {timeout:g} s; is one running?")
    if found.error:
        complain(ctx, found.error.code, found.error.message, Exit.FAILED)
        ctx.exit(Exit.FAILED)
    if output:
        _get(ctx, found, output)
    click.echo(found.model_dump_json(exclude={"url"}) if wants_json(ctx) else _text(found, output))


def _get(ctx: click.Context, found: PrefixReport, output: Path) -> None:
    from s3mover.cli.download import DownloadFailed, download  # noqa: PLC0415  # it loads HTTP

    try:
        download(str(found.url), output, found.size)
    except DownloadFailed as error:
        text = f"{error}; the report is {found.location}"
        complain(ctx, "DownloadFailed", text, Exit.FAILED)
        ctx.exit(Exit.FAILED)


def _text(found: PrefixReport, output: Path | None) -> str:
    so_far = "" if found.whole else " so far: the move goes on"
    lines = f"{counted(found.lines, 'line')}{so_far}"
    return f"{printable(str(output or found.location))}: {lines}"
