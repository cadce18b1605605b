"""`make demo KEEP=1`: the page and Flower beside the demo's fleet, until Ctrl-C."""

from __future__ import annotations

import secrets
import shlex
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from worker.fleet.flower import Flower
from worker.fleet.web import Web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from worker.fleet import Fleet

ENVIRONMENT = Path(".demo.env")


@contextmanager
def pages(console: Console, fleet: Fleet) -> Iterator[None]:
    """Serve both for the block, and leave a file that leads another terminal to the fleet."""
    token = secrets.token_urlsafe(12)
    password = f"--basic_auth=demo:{token}"
    with Web(fleet.environment, token) as web, Flower(fleet.environment, options=(password,)) as f:
        names = {**fleet.environment, "U": web.url, "T": token, "FLOWER": f.url}
        ENVIRONMENT.touch(mode=0o600)
        ENVIRONMENT.write_text("".join(f"export {k}={shlex.quote(v)}\n" for k, v in names.items()))
        try:
            _say(console, web, f, token)
            yield
        finally:
            ENVIRONMENT.unlink(missing_ok=True)


def stay(console: Console) -> None:
    """Wait for Ctrl-C."""
    console.print("all of it stays until Ctrl-C")
    threading.Event().wait()


def _say(console: Console, web: Web, flower: Flower, token: str) -> None:
    address = flower.url.replace("://", f"://demo:{token}@")
    console.print(f"the page      {web.url}  (token {token})", highlight=False, soft_wrap=True)
    console.print(f"Flower        {address}/moves", highlight=False, soft_wrap=True)
    text = ". .venv/bin/activate && . ./.demo.env; then s3mover top, or docs/tutorial.md"
    console.print(f"a terminal    {text}", highlight=False, soft_wrap=True)
