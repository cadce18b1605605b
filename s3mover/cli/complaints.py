"""What goes wrong, on stderr: a line for people, or with --json an object for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from s3mover.cli.options import wants_json
from s3mover.cli.output import printable
from s3mover.complaint import Complaint

if TYPE_CHECKING:
    from s3mover.cli.exits import Exit

# The key, in a context's `meta`, of the id of the move that a command is about.
_MOVE = "s3mover.move"


def about(ctx: click.Context, move_id: str) -> None:
    """Say which move it is whose command may have to complain."""
    ctx.meta[_MOVE] = move_id


def complain(ctx: click.Context, error: str, message: str, code: Exit) -> None:
    """Print one line; `error` is its name for programs, `code` how the command is to end."""
    text = printable("; ".join(message.splitlines()))
    if wants_json(ctx):
        click.echo(as_json(error, text, code, ctx.meta.get(_MOVE)), err=True)
    else:
        click.echo(f"s3mover: {text}", err=True)


def as_json(error: str, message: str, code: int, move: str | None = None) -> str:
    """Return the object for programs."""
    complaint = Complaint(error=error, message=printable(message), exit_code=code, move=move)
    return complaint.model_dump_json(ensure_ascii=True)
