"""Launching the part copies of a move: the first time, and again after a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3mover import tracing
from tasks import chord

if TYPE_CHECKING:
    from collections.abc import Collection

    from tasks.journal import OwnedMove
    from tasks.plan import Plan


def launch(move: OwnedMove, plan: Plan, present: Collection[int]) -> None:
    """
    Start a chord of the parts that are not present, and let the move go.

    A new generation: what is left of the older one is told apart and does no harm.
    """
    missing = [number for number in range(1, plan.parts + 1) if number not in present]
    first = missing[: plan.cap]
    generation = move.launch(bitmap(present, plan.parts), len(present), len(missing), first)
    if generation > 1:
        chord.drop(move.redis, chord.group_id(move.id, generation - 1))
    with tracing.continuing(move.fields.get("trace", "")):
        chord.start(chord.group_id(move.id, generation), len(missing), first)


def bitmap(present: Collection[int], parts: int) -> bytes:
    """Return one bit a part, Redis' way: bit 0 is the highest of the first byte, for part 1."""
    bits = bytearray((parts + 7) // 8)
    for number in present:
        bits[(number - 1) // 8] |= 0x80 >> (number - 1) % 8
    return bytes(bits)
