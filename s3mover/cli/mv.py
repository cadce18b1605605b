"""`s3mover mv`: enqueue a move, and wait for its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from s3mover.cli.options import common, connect, request_options, timeout, wants_json
from s3mover.cli.output import as_json
from s3mover.cli.waiting import end, wait

if TYPE_CHECKING:
    from s3mover.contract import MoveOptions


@click.command()
@click.argument("source")
@click.argument("destination")
@click.option("--no-wait", is_flag=True, help="Print the move's id and leave it to the workers.")
@timeout(None)
@request_options
@common()
@click.pass_context
def mv(
    ctx: click.Context,
    source: str,
    destination: str,
    *,
    no_wait: bool,
    timeout: float | None,
    **options: Unpack[MoveOptions],
) -> None:
    """
    Move an object.

    SOURCE and DESTINATION are s3://bucket/key, or a path /a/b in the bucket and root directory
    of the workers. An object that is at the destination is replaced, unless --overwrite says no.
    """
    mover = connect(ctx)
    move_id = mover.move(source, destination, **options)
    if no_wait:
        click.echo(as_json(mover.status(move_id)) if wants_json(ctx) else move_id)
        return
    end(ctx, wait(ctx, mover, move_id, timeout))
