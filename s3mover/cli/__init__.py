"""The command `s3mover`, which is a sub-command of `celery` too."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s3mover.cli.commands import main

__all__ = ["main", "run"]


def run() -> None:
    """Run the command; Ctrl-C ends it quietly, also while all that it needs is still loaded."""
    try:
        import_module("s3mover.cli.commands").main(prog_name="s3mover")
    except KeyboardInterrupt:
        sys.exit(130)


def __getattr__(name: str) -> Any:
    # The commands load pydantic: `run` has to be there before they are.
    if name == "main":
        return import_module("s3mover.cli.commands").main
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
