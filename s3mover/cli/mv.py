"""`s3mover mv`: enqueue a move, and wait for its end."""

from __future__ import annotations

from typing import Any

import click

from s3mover.cli import prefix
from s3mover.cli.options import (
    common,
    connect,
    prefix_options,
    request_options,
    timeout,
    wants_json,
)
from s3mover.cli.output import as_json
from s3mover.cli.waiting import end, wait


@click.command()
@click.argument("source")
@click.argument("destination")
@click.option("--no-wait", is_flag=True, help="Print the move's id and leave it to the workers.")
@timeout(None)
@request_options
@prefix_options
@common()
@click.pass_context
def mv(
    ctx: click.Context,
    /,
    source: str,
    destination: str,
    *,
    no_wait: bool,
    timeout: float | None,
    recursive: bool,
    dry_run: bool,
    **options: Any,
) -> None:
    """
    Move an object, or with --recursive all objects below a prefix.

    SOURCE and DESTINATION are s3://bucket/key, or a path /a/b in the bucket and root directory
    of the workers; prefixes end with a slash. An object that is at the destination is replaced,
    unless --overwrite says no.
    """
    if recursive and dry_run:
        prefix.plan(ctx, (source, destination), options, timeout)
        return
    if recursive:
        prefix.move(ctx, (source, destination), options, no_wait=no_wait, timeout=timeout)
        return
    if dry_run:
        raise click.UsageError("--dry-run needs --recursive", ctx)
    for name in prefix.OWN_OPTIONS:
        if options.pop(name) not in {None, ()}:
            raise click.UsageError(f"--{name} needs --recursive", ctx)
    mover = connect(ctx)
    move_id = mover.move(source, destination, **options)
    if no_wait:
        click.echo(as_json(mover.status(move_id)) if wants_json(ctx) else move_id)
        return
    end(ctx, wait(ctx, mover, move_id, timeout))
