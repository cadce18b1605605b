"""The group of commands: where errors become a line and an exit code."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from s3mover import MoverError
from s3mover.cli.complaints import as_json, complain
from s3mover.cli.exits import Exit, of_error
from s3mover.cli.options import ask_json, wants_json

if TYPE_CHECKING:
    from collections.abc import Iterator


class Commands(click.Group):
    """A group whose commands end with the codes of `Exit`, below `celery` too."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        json = _asks_json(args)  # to be known, too, when it is another word that is wrong
        with _usage(json=json):
            ctx = super().make_context(info_name, args, parent, **extra)
        if json:
            ask_json(ctx)
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _usage(json=wants_json(ctx)):
                return super().invoke(ctx)
        except MoverError as error:
            code = of_error(error)
            complain(ctx, type(error).__name__, _text(error, str(error)), code)
            ctx.exit(code)
        except KeyboardInterrupt as error:
            complain(ctx, "Interrupted", _text(error, "interrupted"), Exit.INTERRUPTED)
            ctx.exit(Exit.INTERRUPTED)


def _asks_json(words: list[str]) -> bool:
    return "--json" in words[: words.index("--")] if "--" in words else "--json" in words


@contextmanager
def _usage(*, json: bool) -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        if not json:
            raise
        click.echo(as_json("Usage", error.format_message(), Exit.USAGE), err=True)
        raise click.exceptions.Exit(Exit.USAGE) from None


def _text(error: BaseException, text: str) -> str:
    return "; ".join([text, *getattr(error, "__notes__", ())])
