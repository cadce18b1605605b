"""`s3mover cancel`: end a move with its source where it was."""

from __future__ import annotations

import click

from s3mover import State
from s3mover.cli import prefix
from s3mover.cli.complaints import about, complain
from s3mover.cli.completion import move_id_argument
from s3mover.cli.exits import Exit
from s3mover.cli.options import common, connect, timeout
from s3mover.cli.waiting import end, wait


@click.command()
@move_id_argument
@timeout(30)
@common()
@click.pass_context
def cancel(ctx: click.Context, move_id: str, timeout: float) -> None:
    """
    Cancel a move and wait for its end.

    Its source and what the destination held are left. Once its copy is being completed it is too
    late: then the move goes on to its end. Of a prefix, objects that are not begun are left.
    """
    about(ctx, move_id)
    mover = connect(ctx)
    if prefix.find(mover, move_id):
        mover.prefixes.cancel(move_id)
        prefix.end(ctx, prefix.wait(ctx, mover, move_id, timeout))
    mover.cancel(move_id)
    record = wait(ctx, mover, move_id, timeout)
    if record.state is State.DONE:
        complain(ctx, "TooLate", f"too late: move {move_id} is done", Exit.DONE)
    end(ctx, record)
