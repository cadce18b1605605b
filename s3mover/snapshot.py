"""What `s3mover top` shows at one moment, also for programs."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from s3mover.contract import MoveRecord, State
from s3mover.prefix_contract import PrefixRecord


class MoveLine(BaseModel):
    """A move, and how fast it is."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    move: MoveRecord

    rate: float | None = None
    """Bytes a second; null when nothing is known of it."""

    eta: float | None = None
    """Seconds that its copy still takes at this rate."""


class PrefixLine(BaseModel):
    """A move of a prefix, and how fast it is by the last looks; its record has the means."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    move: PrefixRecord

    rate: float | None = None
    """Objects a second; null when nothing is known of it."""

    bytes_rate: float | None = None
    """Bytes a second."""

    eta: float | None = None
    """Seconds that the rest takes at this rate; null as long as the listing goes on."""


class Snapshot(BaseModel):
    """All moves at one moment."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    at: datetime
    """By the clock of Redis; while Redis is away, by that of who looks."""

    error: str | None = None
    """Why Redis did not answer; then nothing else is known, and the numbers are of no use."""

    active: int = 0
    """Moves that have not ended."""

    states: dict[State, int] = Field(default_factory=dict)
    """How many moves are in which state: of the active, and of the youngest 1,000."""

    rate: float | None = None
    """Bytes a second, of all moves that are listed; null at the first look."""

    moves: list[MoveLine] = Field(default_factory=list)
    """Active moves, the oldest first and queued ones last; then the last that have ended."""

    prefixes: list[PrefixLine] = Field(default_factory=list)
    """Moves of prefixes, in the same order; their large objects are among `moves` too."""
