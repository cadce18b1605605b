"""The moves of prefixes of a snapshot on a terminal, above those of single objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3mover import PrefixState
from s3mover.cli.columns import PERCENT, Column, bar, cell, line, name, title
from s3mover.cli.output import printable
from s3mover.cli.prefixes_text import cells, headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from s3mover.snapshot import PrefixLine

_LEAST_NAME = 16
_LEAST_ROWS = 3  # a headline, the titles and a move

_ID, _SHORT, _STATE = Column("ID", 36), Column("ID", 8), Column("STATE", 9)
_DONE, _LONG_DONE = Column("DONE", 6 + PERCENT), Column("DONE", 20 + PERCENT)
_OBJECTS, _FAILED = Column("OBJECTS", 15, right=True), Column("FAILED", 7, right=True)
_RATE, _ETA = Column("RATE", 8, right=True), Column("ETA", 7, right=True)
_BYTES = Column("BYTES", 9, right=True)

# From the widest to the narrowest: the first that leaves room for a name is taken.
_LAYOUTS = (
    (_ID, _STATE, _LONG_DONE, _OBJECTS, _FAILED, _RATE, _ETA, _BYTES),
    (_SHORT, _STATE, _DONE, _OBJECTS, _FAILED, _RATE, _ETA, _BYTES),
    (_SHORT, _STATE, _DONE, _OBJECTS, _RATE, _ETA),
    (_SHORT, _STATE, _OBJECTS, _RATE, _ETA),
    (_STATE, _OBJECTS, _RATE),
    (_STATE, _OBJECTS),
    (_STATE,),
)
_COLOURS = {
    PrefixState.MOVING: "cyan",
    PrefixState.DONE: "green",
    PrefixState.FAILED: "red",
    PrefixState.PAUSED: "yellow",
    PrefixState.CANCELLED: "yellow",
}


def block(lines: Sequence[PrefixLine], width: int, room: int | None) -> list[Text]:
    """Return headline, titles, rows and an empty line; nothing where there is no room for it."""
    if not lines or (room is not None and room <= _LEAST_ROWS):
        return []
    layout = next((each for each in _LAYOUTS if _rest(each, width) >= _LEAST_NAME), _LAYOUTS[-1])
    rest = max(_rest(layout, width), 1)
    titles = " ".join([*(cell(column, column.name) for column in layout), title(rest)])
    rows = [text for each in lines for text in _rows(each, layout, rest)]
    if room is not None and len(rows) > room - _LEAST_ROWS:
        rows = [*rows[: room - _LEAST_ROWS - 1], line("… and more of prefixes", "dim")]
    return [line(headline(lines)), line(titles, "bold"), *rows, line("")]


def _rest(layout: Sequence[Column], width: int) -> int:
    return width - sum(column.width + 1 for column in layout)


def _rows(shown: PrefixLine, layout: Sequence[Column], rest: int) -> list[Text]:
    """Return a move's line, and one below it for why objects failed."""
    texts = {each: printable(text) for each, text in cells(shown).items()}
    row = line("")
    for column in layout:
        text = _drawn(shown, column, texts)
        row.append(
            cell(column, text), _COLOURS.get(shown.move.state, "") if column is _STATE else ""
        )
        row.append(" ")
    row.append(name(texts["SOURCE"], texts["DESTINATION"], rest))
    return [row, line(f"  {texts['TROUBLE']}", "red")] if texts["TROUBLE"] else [row]


def _drawn(shown: PrefixLine, column: Column, texts: dict[str, str]) -> str:
    if column.name != "DONE":
        return texts[column.name]
    move = shown.move
    drawn = bar(move.progress, move.found if move.listed else None, column.width - PERCENT)
    return drawn + texts["DONE"].rjust(PERCENT)
