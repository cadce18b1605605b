"""How messages and sizes are shown to a person, in Flower and elsewhere."""

from __future__ import annotations

from pydantic import ByteSize


def shown(move_id: str, **fields: object) -> str:
    """Return what Flower shows of a message: the move first, and nothing that is not named."""
    return repr({"move": move_id, **fields})


def size_text(size: float) -> str:
    return ByteSize(size).human_readable(separator=" ")
