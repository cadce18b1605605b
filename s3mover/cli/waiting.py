"""Waiting for a move, in the way that suits whoever reads the output."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from s3mover import BrokerUnavailable, State, StillRunning
from s3mover.cli.complaints import about, complain
from s3mover.cli.exits import of_state
from s3mover.cli.options import wants_json
from s3mover.cli.output import as_json, come_back, summary, trouble, trouble_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from s3mover import Mover, MoveRecord

    Show = Callable[[MoveRecord], object]


def wait(
    ctx: click.Context,
    mover: Mover,
    move_id: str,
    timeout: float | None,
    *,
    every_change: bool = False,
    known: bool = True,
) -> MoveRecord:
    """
    Return a move's record when it has ended, or when the time is over.

    `known`: whether the move is, or only its id was given; nothing is promised of that one.
    """
    about(ctx, move_id)
    try:
        with _showing(ctx, every_change=every_change) as show:
            for record in mover.watch(move_id, timeout):
                known = True
                show(record)
    except StillRunning:
        pass
    except (KeyboardInterrupt, BrokerUnavailable) as error:
        if known:
            error.add_note(come_back(move_id))
        raise
    return record


def end(ctx: click.Context, record: MoveRecord, *, every_change: bool = False) -> None:
    """Print how a move has ended, and exit accordingly."""
    code = of_state(record.state)
    if wants_json(ctx):
        if not every_change:
            click.echo(as_json(record))
    elif record.state is State.DONE:
        click.echo(summary(record))
    if record.state is not State.DONE:
        complain(ctx, trouble_name(record), trouble(record), code)
    ctx.exit(code)


@contextmanager
def _showing(ctx: click.Context, *, every_change: bool) -> Iterator[Show]:
    if wants_json(ctx):
        yield _print_json if every_change else _print_nothing
    elif sys.stderr.isatty():
        from s3mover.cli.progress import on_terminal  # noqa: PLC0415  # rich is for terminals only

        with on_terminal() as bar:
            yield bar.show
    else:
        yield _print_nothing


def _print_json(record: MoveRecord) -> None:
    click.echo(as_json(record))


def _print_nothing(_record: MoveRecord) -> None:
    pass
