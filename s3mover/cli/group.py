"""The group of commands: where errors become a line and an exit code."""

from __future__ import annotations

from typing import Any

import click

from s3mover import MoverError
from s3mover.cli.exits import Exit, of_error
from s3mover.cli.output import complain


class Commands(click.Group):
    """A group whose commands end with the codes of `Exit`, below `celery` too."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MoverError as error:
            complain(_text(error, str(error)))
            ctx.exit(of_error(error))
        except KeyboardInterrupt as error:
            complain(_text(error, "interrupted"))
            ctx.exit(Exit.INTERRUPTED)


def _text(error: BaseException, text: str) -> str:
    return "; ".join([text, *getattr(error, "__notes__", ())])
