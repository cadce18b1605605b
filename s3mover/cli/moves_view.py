"""The moves of a snapshot on a terminal, in the columns that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s3mover import State
from s3mover.cli import prefixes_view
from s3mover.cli.columns import PERCENT, Column, bar, cell, line, name, title
from s3mover.cli.moves_text import cells, headline, trouble
from s3mover.cli.output import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

    from s3mover.snapshot import MoveLine, Snapshot

_LEAST_NAME = 16  # columns for where to
_SHORT_ID = 8

_HINT = "q ends this; `s3mover status ID` tells more of a move"

_COLOURS = {
    State.COPYING: "cyan",
    State.VERIFYING: "cyan",
    State.DELETING: "cyan",
    State.DONE: "green",
    State.FAILED: "red",
    State.CANCELLED: "yellow",
}

STATE = Column("STATE", 9)
DONE, LONG_DONE = Column("DONE", 6 + PERCENT), Column("DONE", 20 + PERCENT)
SIZE, BYTES = Column("SIZE", 9, right=True), Column("BYTES", 15, right=True)
RATE, ETA = Column("RATE", 11, right=True), Column("ETA", 7, right=True)
PARTS, RETRIES = Column("PARTS", 11, right=True), Column("RETRIES", 7, right=True)
SHORT, ID = Column("ID", _SHORT_ID), Column("ID", 36)

# From the widest to the narrowest: the first that leaves room for a name is taken.
_LAYOUTS = (
    (ID, STATE, LONG_DONE, BYTES, RATE, ETA, PARTS, RETRIES),
    (SHORT, STATE, DONE, BYTES, RATE, ETA, PARTS, RETRIES),
    (SHORT, STATE, DONE, SIZE, RATE, ETA, PARTS),
    (SHORT, STATE, DONE, SIZE, RATE, ETA),
    (SHORT, STATE, DONE, RATE, ETA),
    (SHORT, STATE, DONE),
    (STATE, DONE),
    (STATE,),
)


class MovesView:
    """Headline and table, no wider and no higher than the terminal."""

    def __init__(self, snapshot: Snapshot, error: str | None = None) -> None:
        self._snapshot = snapshot
        self._error = error

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        yield from map(line, headline(self._snapshot))
        yield line(self._error, "bold red") if self._error else line(_HINT, "dim")
        layout = _layout(width)
        # rich tells what it draws live no height, and cuts off what is below the terminal's.
        height = options.height or (console.height if console.is_terminal else None)
        room = None if height is None else max(height - 4, 1)
        # Moves of prefixes take half of the room at most.
        above = prefixes_view.block(self._snapshot.prefixes, width, room and room // 2)
        yield from above
        room = room and room - len(above)
        shown, left = _fitting(self._snapshot.moves, room)
        rest = max(_rest(layout, width), 1)
        yield _head(layout, rest)
        for each in shown:
            yield from _row(each, layout, rest)
        if left:
            yield line(f"… and {left} more", "dim")


def _layout(width: int) -> Sequence[Column]:
    return next((each for each in _LAYOUTS if _rest(each, width) >= _LEAST_NAME), _LAYOUTS[-1])


def _rest(layout: Sequence[Column], width: int) -> int:
    return width - sum(column.width + 1 for column in layout)


def _fitting(moves: Sequence[MoveLine], room: int | None) -> tuple[Sequence[MoveLine], int]:
    """Return the moves that so many lines hold, and how many are left out."""
    heights = [2 if trouble(line.move) else 1 for line in moves]
    if room is None or sum(heights) <= room:
        return moves, 0
    used, fitting = 1, 0  # a line to say how many are left
    for height in heights:
        used += height
        if used > room:
            break
        fitting += 1
    return moves[:fitting], len(moves) - fitting


def _head(layout: Sequence[Column], rest: int) -> Text:
    titles = [cell(column, column.name) for column in layout]
    return line(" ".join([*titles, title(rest)]), "bold")


def _row(shown: MoveLine, layout: Sequence[Column], rest: int) -> Iterator[Text]:
    """Yield a move's line, and one below it for what it is up against."""
    move = shown.move
    texts = {each: printable(text) for each, text in cells(shown).items()}
    row = line("")
    for column in layout:
        style = _COLOURS.get(move.state, "") if column is STATE else ""
        text = texts[column.name]
        if column.name == "DONE":
            drawn = bar(move.bytes_done, move.size, column.width - PERCENT)
            text = drawn + text.rjust(PERCENT)
        row.append(cell(column, text), style)
        row.append(" ")
    yield row.append(name(texts["SOURCE"], texts["DESTINATION"], rest))
    if texts["TROUBLE"]:
        style = "red" if move.state is State.FAILED else "yellow"
        yield line(f"  {texts['TROUBLE']}", style)
