"""`s3mover watch`: wait for the end of a move that is under way."""

from __future__ import annotations

import click

from s3mover.cli import prefix
from s3mover.cli.completion import move_id_argument
from s3mover.cli.options import common, connect, timeout
from s3mover.cli.waiting import end, wait


@click.command()
@move_id_argument
@timeout(None)
@common()
@click.pass_context
def watch(ctx: click.Context, move_id: str, timeout: float | None) -> None:
    """
    Wait for the end of a move.

    With --json each change of its record is a line.
    """
    mover = connect(ctx)
    if prefix.find(mover, move_id):
        found = prefix.wait(ctx, mover, move_id, timeout, every_change=True)
        prefix.end(ctx, found, every_change=True)
    record = wait(ctx, mover, move_id, timeout, every_change=True, known=False)
    end(ctx, record, every_change=True)
