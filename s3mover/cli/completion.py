"""`s3mover completion`: what a shell needs to complete commands, options and ids."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from s3mover.cli.options import broker_url, common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s3mover import MoveRecord

_SECONDS = 0.5  # a shell that waits longer for Redis is worse than one that completes nothing
_MOST = 100

HINTS = {
    "bash": 'add this line to ~/.bashrc:  eval "$(s3mover completion bash)"',
    "zsh": 'add this line to ~/.zshrc, below compinit:  eval "$(s3mover completion zsh)"',
    "fish": "s3mover completion fish > ~/.config/fish/completions/s3mover.fish",
}


@click.command(short_help="Print what a shell needs to complete commands and ids.")
@click.argument("shell", type=click.Choice(list(HINTS)))
@common()
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """
    Print the script by which a shell completes commands, options and the ids of moves.

    For bash, add to ~/.bashrc:  eval "$(s3mover completion bash)"
    """
    click.echo(f"# {HINTS[shell]}")
    click.echo(script(ctx, shell))


def script(ctx: click.Context, shell: str) -> str:
    """Return click's own script for a shell."""
    make = get_completion_class(shell)
    if make is None:
        raise click.UsageError(f"{shell} is not known")
    return make(ctx.find_root().command, {}, "s3mover", "_S3MOVER_COMPLETE").source()


def move_ids(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> Sequence[CompletionItem]:
    """Return the ids that begin so, youngest first; none when Redis does not answer at once."""
    with suppress(Exception):  # a completion that fails is silent: it is printed into a prompt
        records = _newest(broker_url(ctx))
        return [
            CompletionItem(record.id, help=f"{record.state} {record.destination}")
            for record in records
            if record.id.startswith(incomplete)
        ]
    return []


def _writable(_ctx: click.Context, _param: click.Parameter, move_id: str) -> str:
    # Bytes that are no UTF-8, which Redis cannot be asked for: no move has such an id.
    return move_id.encode(errors="backslashreplace").decode()


move_id_argument = click.argument(
    "move_id", metavar="ID", shell_complete=move_ids, callback=_writable
)


def _newest(url: str) -> list[MoveRecord]:
    # Not by the client: it loads Celery, which takes longer than anybody waits for a Tab.
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    from s3mover import journal  # noqa: PLC0415

    with journal.connect(
        url,
        socket_connect_timeout=_SECONDS,
        socket_timeout=_SECONDS,
        retry=Retry(NoBackoff(), 0),
    ) as redis:
        return journal.newest(redis, _MOST)
