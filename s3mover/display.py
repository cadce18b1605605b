"""How messages are shown to a person, in Flower."""

from __future__ import annotations


def shown(move_id: str, **fields: object) -> str:
    """Return what Flower shows of a message: the move first, and nothing that is not named."""
    return repr({"move": move_id, **fields})
