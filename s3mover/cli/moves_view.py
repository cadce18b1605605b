"""The moves of a snapshot on a terminal, in the columns that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from s3mover import State
from s3mover.cli.moves_text import cells, headline, trouble
from s3mover.cli.output import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

    from s3mover import MoveRecord
    from s3mover.snapshot import MoveLine, Snapshot

_LEAST_NAME, _BOTH_NAMES = 16, 60  # columns for where to, and for where from besides
_PERCENT = len(" 100%")
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


@dataclass(frozen=True, slots=True)
class Column:
    """One column; its width does not depend on what is in it, so that nothing jumps."""

    name: str
    width: int
    right: bool = False


STATE = Column("STATE", 9)
DONE, LONG_DONE = Column("DONE", 6 + _PERCENT), Column("DONE", 20 + _PERCENT)
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
        yield from map(_text, headline(self._snapshot))
        yield _text(self._error, "bold red") if self._error else _text(_HINT, "dim")
        layout = _layout(width)
        room = None if options.height is None else max(options.height - 4, 1)
        shown, left = _fitting(self._snapshot.moves, room)
        rest = max(_rest(layout, width), 1)
        yield _head(layout, rest)
        for line in shown:
            yield from _row(line, layout, rest)
        if left:
            yield _text(f"… and {left} more", "dim")


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
    name = "SOURCE -> DESTINATION" if rest >= _BOTH_NAMES else "DESTINATION"
    titles = [_cell(column, column.name) for column in layout]
    return _text(" ".join([*titles, name]), "bold")


def _row(line: MoveLine, layout: Sequence[Column], rest: int) -> Iterator[Text]:
    """Yield a move's line, and one below it for what it is up against."""
    texts = {name: printable(text) for name, text in cells(line).items()}
    row = _text("")
    for column in layout:
        style = _COLOURS.get(line.move.state, "") if column is STATE else ""
        text = texts[column.name]
        if column.name == "DONE":
            text = _bar(line.move, column.width - _PERCENT) + text.rjust(_PERCENT)
        row.append(_cell(column, text), style)
        row.append(" ")
    yield row.append(_name(texts["SOURCE"], texts["DESTINATION"], rest))
    if texts["TROUBLE"]:
        style = "red" if line.move.state is State.FAILED else "yellow"
        yield _text(f"  {texts['TROUBLE']}", style)


def _cell(column: Column, text: str) -> str:
    return (
        text[: column.width].rjust(column.width)
        if column.right
        else (text[: column.width].ljust(column.width))
    )


def _bar(move: MoveRecord, width: int) -> str:
    """Draw a bar that needs no colour."""
    if move.size is None:
        return " " * width
    filled = width * move.bytes_done // move.size if move.size else width
    return "━" * filled + "─" * (width - filled)


def _name(source: str, destination: str, room: int) -> str:
    if room < _BOTH_NAMES:
        return _tail(destination, room)
    half = (room - len(" -> ")) // 2
    return f"{_tail(source, half)} -> {_tail(destination, half)}"


def _tail(text: str, room: int) -> str:
    """Shorten a name in front: its end tells it from others."""
    if cell_len(text) <= room:
        return text
    while text and cell_len(text) > room - 1:
        text = text[1:]
    return f"…{text}"


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style, no_wrap=True, overflow="ellipsis")
