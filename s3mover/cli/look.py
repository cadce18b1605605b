"""`s3mover status` and `s3mover ls`: what is known of moves."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from s3mover.cli import prefix, prefix_output
from s3mover.cli.complaints import about
from s3mover.cli.completion import move_id_argument
from s3mover.cli.options import common, connect, wants_json
from s3mover.cli.output import as_json
from s3mover.cli.tables import details, table


@click.command()
@move_id_argument
@common()
@click.pass_context
def status(ctx: click.Context, move_id: str) -> None:
    """
    Show what is known of a move.

    Exits with 0 whatever its state; `watch --timeout 0` exits with the state's own code.
    """
    about(ctx, move_id)
    mover = connect(ctx)
    if found := prefix.find(mover, move_id):
        click.echo(prefix.as_json(found) if wants_json(ctx) else prefix_output.details(found))
        return
    record = mover.status(move_id)
    click.echo(as_json(record) if wants_json(ctx) else details(record))


@click.command()
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many."
)
@common()
@click.pass_context
def ls(ctx: click.Context, limit: int) -> None:
    """List the youngest moves, youngest first; with --json those of single objects alone."""
    mover = connect(ctx)
    records = mover.list(limit)
    if wants_json(ctx):
        click.echo(f"[{', '.join(map(as_json, records))}]")
        return
    if prefixes := mover.prefixes.list(limit):
        click.echo(prefix_output.table(prefixes, datetime.now(UTC)) + "\n")
    click.echo(table(records, datetime.now(UTC)))
