"""`s3mover web`: serve the API and the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s3mover.cli.exits import Exit
from s3mover.cli.options import common, connect

if TYPE_CHECKING:
    from s3mover import Mover

_VARIABLE = "S3MOVER_WEB_TOKEN"

_EXTRA = frozenset({"starlette", "sse_starlette", "uvicorn", "anyio"})

_LAST_WORDS = 3
"""Seconds that answers under way have at the end."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port."
)
@click.option(
    "--root-path", default="", metavar="PATH", help="Where a proxy in front serves it: /moves."
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A file with a token in each line; else {_VARIABLE}, separated by blanks.",
)
@common()
@click.pass_context
def web(ctx: click.Context, host: str, port: int, root_path: str, token_file: Path | None) -> None:
    """
    Serve the API and the page, to whoever has the token.

    Ctrl-C ends it at once; moves go on without it.
    """
    text = token_file.read_text() if token_file else os.environ.get(_VARIABLE, "")
    try:
        _serve(connect(ctx), text.split(), host=host, port=port, root_path=root_path)
    except SystemExit as error:  # uvicorn has said why; its 3 would be that of a cancelled move
        ctx.exit(Exit.FAILED if error.code else Exit.DONE)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise click.UsageError("this needs the extra: pip install 's3mover[web]'") from None


def _serve(mover: Mover, tokens: list[str], **options: Any) -> None:
    import uvicorn  # noqa: PLC0415  # of an extra

    from s3mover.web import create_app  # noqa: PLC0415  # of an extra

    app = create_app(mover, tokens=tokens)
    uvicorn.run(
        app,
        **options,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_WORDS,
    )
