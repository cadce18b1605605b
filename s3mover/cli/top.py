"""`s3mover top`: all moves, live."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from s3mover.cli.exits import Exit
from s3mover.cli.options import common, connect, wants_json

if TYPE_CHECKING:
    from s3mover.cli.glances import Glances


@click.command(short_help="Show all moves, live.")
@click.option("--once", is_flag=True, help="Look once, print it and end.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    default=1.0,
    show_default=True,
    help="Between two looks.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=200,
    show_default=True,
    help="Moves that are listed at most.",
)
@common()
@click.pass_context
def top(ctx: click.Context, interval: float, limit: int, *, once: bool) -> None:
    """
    Show all moves, live: active ones first, then the last that have ended.

    q or Ctrl-C ends it, with 0 as those of other such tools. While Redis is away it says so, and
    goes on when Redis is back. Without a terminal, or on one that cannot move its cursor, it
    prints one table. With --json each look is a line.
    """
    from s3mover.cli.glances import Glances  # noqa: PLC0415  # it loads Celery

    glances = Glances(connect(ctx), limit)
    snapshot = glances.first()
    if wants_json(ctx):
        click.echo(snapshot.model_dump_json(ensure_ascii=True))
        if not once:
            _stream(glances, interval)
        return
    from s3mover.cli import screen  # noqa: PLC0415  # rich is for terminals only

    if once or not screen.can_move(sys.stdout):
        click.echo(screen.printed(snapshot, sys.stdout))
    else:
        screen.run(glances, snapshot, interval)


def _stream(glances: Glances, interval: float) -> None:
    try:
        while True:
            time.sleep(interval)
            click.echo(glances.next().model_dump_json(ensure_ascii=True))
    except KeyboardInterrupt:
        raise click.exceptions.Exit(Exit.DONE) from None
