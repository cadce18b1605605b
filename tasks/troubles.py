"""What a part or a step was up against before it is tried again, for the move's record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3mover.contract import MoveError

if TYPE_CHECKING:
    from driver import Transient

_LONGEST = 500  # characters; a record keeps five of them


def dump_trouble(error: Transient, part: int = 0) -> str:
    """Return what `lua/troubles.lua` takes; part 0 is a step of the move itself."""
    message = str(error)[:_LONGEST]
    found = MoveError(code=type(error).__name__, message=message, part=part or None)
    return found.model_dump_json(exclude_none=True)
