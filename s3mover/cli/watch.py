"""`s3mover watch`: wait for the end of a move that is under way."""

from __future__ import annotations

import click

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
    record = wait(ctx, connect(ctx), move_id, timeout, every_change=True, known=False)
    end(ctx, record, every_change=True)
