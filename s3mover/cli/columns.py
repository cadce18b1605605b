"""Columns of a table on a terminal: of fixed widths, so that nothing jumps."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from s3mover.cli.output import printable

PERCENT = len(" 100%")

BOTH_NAMES = 60
"""Columns from which on there is room for where from, beside where to."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; its width does not depend on what is in it."""

    name: str
    width: int
    right: bool = False


def cell(column: Column, text: str) -> str:
    short = text[: column.width]
    return short.rjust(column.width) if column.right else short.ljust(column.width)


def bar(done: int, total: int | None, width: int) -> str:
    """Draw a bar that needs no colour; nothing while the total is not known."""
    if total is None:
        return " " * width
    filled = width * done // total if total else width
    return "━" * filled + "─" * (width - filled)


def name(source: str, destination: str, room: int) -> str:
    """Return where from and where to, or as much of it as there is room for."""
    if room < BOTH_NAMES:
        return _tail(destination, room)
    half = (room - len(" -> ")) // 2
    return f"{_tail(source, half)} -> {_tail(destination, half)}"


def title(room: int) -> str:
    return "SOURCE -> DESTINATION" if room >= BOTH_NAMES else "DESTINATION"


def line(text: str, style: str = "") -> Text:
    """Return a line that is cut where the terminal ends."""
    return Text(printable(text), style=style, no_wrap=True, overflow="ellipsis")


def _tail(text: str, room: int) -> str:
    """Shorten a name in front: its end tells it from others."""
    if cell_len(text) <= room:
        return text
    while text and cell_len(text) > room - 1:
        text = text[1:]
    return f"…{text}"
