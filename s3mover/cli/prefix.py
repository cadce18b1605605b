"""What commands do with the move of a prefix."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from s3mover import BrokerUnavailable, PrefixState, StillRunning, UnknownMove
from s3mover.cli import prefix_output
from s3mover.cli.complaints import about, complain
from s3mover.cli.exits import Exit
from s3mover.cli.options import PREFIX_OPTIONS, common, connect, wants_json
from s3mover.cli.output import come_back
from s3mover.polling import answered
from s3mover.prefix_request import parse_prefix_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from s3mover import Mover, PrefixRecord

OWN_OPTIONS = tuple(PREFIX_OPTIONS)
SHARED_OPTIONS = (
    "idempotency_key",
    "overwrite",
    "storageclass",
    "encryption",
    "preserve",
    "on_end",
    "webhook",
)

_EXITS = {
    PrefixState.DONE: Exit.DONE,
    PrefixState.FAILED: Exit.FAILED,
    PrefixState.CANCELLED: Exit.CANCELLED,
}


def as_json(record: PrefixRecord) -> str:
    return json.dumps(record.model_dump(mode="json"))


def move(
    ctx: click.Context,
    ends: tuple[str, str],
    options: dict[str, Any],
    *,
    no_wait: bool,
    timeout: float | None,
) -> None:
    """Enqueue the move of a prefix, and wait for its end unless nobody wants to."""
    given = _given(ctx, options)
    mover = connect(ctx)
    prefix_id = mover.move_prefix(*ends, **given)
    if no_wait:
        record = mover.prefixes.status(prefix_id) if wants_json(ctx) else None
        click.echo(as_json(record) if record else prefix_id)
        return
    end(ctx, wait(ctx, mover, prefix_id, timeout))


def plan(
    ctx: click.Context, ends: tuple[str, str], options: dict[str, Any], timeout: float | None
) -> None:
    """Print what a worker says that the move would do."""
    request = parse_prefix_request(source=ends[0], destination=ends[1], **_given(ctx, options))
    mover = connect(ctx)
    task_id = mover.prefixes.plan(request)
    found = answered(lambda: mover.prefixes.plan_report(task_id), timeout)
    if found is None:
        raise StillRunning(f"no worker has answered within {timeout:g} s; is one running?")
    click.echo(found.model_dump_json() if wants_json(ctx) else prefix_output.plan_text(found))
    ctx.exit(Exit.FAILED if found.error else Exit.DONE)


def _given(ctx: click.Context, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given; a usage error for one that is not for prefixes."""
    known = {*OWN_OPTIONS, *SHARED_OPTIONS}
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    if unknown := given.keys() - known:
        flags = ", ".join("--" + name.replace("_", "-") for name in sorted(unknown))
        raise click.UsageError(f"{flags}: not with --recursive", ctx)
    for name in ("include", "exclude"):
        if name in given:
            given[name] = list(given[name])
    return given


def find(mover: Mover, move_id: str) -> PrefixRecord | None:
    """Return the record if the id is one of a move of a prefix."""
    try:
        return mover.prefixes.status(move_id)
    except UnknownMove:
        return None


def wait(
    ctx: click.Context,
    mover: Mover,
    prefix_id: str,
    timeout: float | None,
    *,
    every_change: bool = False,
) -> PrefixRecord:
    """Return the record when the move has ended or is paused, or when the time is over."""
    about(ctx, prefix_id)
    with _showing(ctx, every_change=every_change) as show, suppress(StillRunning):
        try:
            for record in mover.prefixes.watch(prefix_id, timeout):
                show(record)
        except (KeyboardInterrupt, BrokerUnavailable) as error:
            error.add_note(come_back(prefix_id))
            raise
    return record


def end(ctx: click.Context, record: PrefixRecord, *, every_change: bool = False) -> None:
    """Print how a move has ended, and exit accordingly."""
    code = _EXITS.get(record.state, Exit.STILL_RUNNING)
    if wants_json(ctx):
        if not every_change:
            click.echo(as_json(record))
    elif record.state is PrefixState.DONE:
        click.echo(prefix_output.summary(record))
    if record.state is not PrefixState.DONE:
        name = record.error.code if record.error else record.state.name.title()
        complain(ctx, name, prefix_output.trouble(record), code)
    ctx.exit(code)


@contextmanager
def _showing(ctx: click.Context, *, every_change: bool) -> Iterator[Callable[[PrefixRecord], Any]]:
    if wants_json(ctx):
        yield (lambda record: click.echo(as_json(record))) if every_change else (lambda _: None)
    elif sys.stderr.isatty():
        from s3mover.cli.prefix_bar import PrefixBar  # noqa: PLC0415  # rich is for terminals only

        with PrefixBar() as bar:
            yield bar.show
    else:
        yield lambda _: None


def _steering(verb: str, text: str) -> click.Command:
    @click.command(verb, help=text, short_help=text)
    @click.argument("move_id", metavar="ID")
    @common()
    @click.pass_context
    def command(ctx: click.Context, move_id: str) -> None:
        record = getattr(connect(ctx).prefixes, verb)(move_id)
        click.echo(as_json(record) if wants_json(ctx) else prefix_output.details(record))

    return command


pause = _steering("pause", "Pause the move of a prefix: no more objects are begun.")
resume = _steering("resume", "Have a paused move of a prefix go on.")


@click.command("retry-failed")
@click.argument("move_id", metavar="ID")
@common()
@click.pass_context
def retry_failed(ctx: click.Context, move_id: str) -> None:
    """Move what the move of a prefix has left, by a new move, and print its id."""
    click.echo(connect(ctx).prefixes.retry_failed(move_id))
