"""A pseudo-terminal, and what a person would see on it: just enough of a VT100 for rich."""

import fcntl
import os
import pty
import re
import struct
import termios
import threading
from typing import Any

_PIECE = re.compile(
    r"\x1b\[(?P<args>[?0-9;]*)(?P<end>[A-Za-z])|\x1b(?P<escape>[78=>])|(?P<text>[^\x1b])", re.DOTALL
)
_HALF = re.compile(r"\x1b(\[[?0-9;]*)?\Z")


class Screen:
    """Rows of characters; the alternate screen is a sheet of its own, as in xterm."""

    def __init__(self, columns: int, rows: int) -> None:
        self.alternate = False
        self.cursor = True
        self._sheets = {False: {}, True: {}}  # type: dict[bool, dict[tuple[int, int], str]]
        self._rest = ""
        self._row = self._column = 0
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        for name, cells in self._sheets.items():
            kept = {at: c for at, c in cells.items() if at[0] < rows and at[1] < columns}
            self._sheets[name] = kept

    @property
    def lines(self) -> list[str]:
        cells = self._sheets[self.alternate]
        last = max((row for row, _ in cells), default=-1)
        return [
            "".join(cells.get((row, column), " ") for column in range(self.columns)).rstrip()
            for row in range(last + 1)
        ]

    def feed(self, text: str) -> None:
        text = self._rest + text
        half = _HALF.search(text)
        self._rest = half[0] if half else ""
        for piece in _PIECE.finditer(text[: len(text) - len(self._rest)]):
            if piece["text"]:
                self._write(piece["text"])
            elif piece["end"]:
                self._steer(piece["args"], piece["end"])

    def _write(self, char: str) -> None:
        if char == "\n":
            self._row += 1
        elif char == "\r":
            self._column = 0
        elif char.isprintable():
            if self._column >= self.columns:
                self._row, self._column = self._row + 1, 0
            self._sheets[self.alternate][self._row, self._column] = char
            self._column += 1

    def _steer(self, args: str, end: str) -> None:
        if args.startswith("?"):
            self._switch(args, on=end == "h")
            return
        numbers = [int(n) if n else 0 for n in args.split(";")]
        count = numbers[0] or 1
        if end == "A":
            self._row = max(self._row - count, 0)
        elif end == "H":
            self._row, self._column = count - 1, (numbers[1] if len(numbers) > 1 else 1) - 1
        elif end in "JK":
            self._erase(end, numbers[0])

    def _switch(self, args: str, *, on: bool) -> None:
        if args == "?1049":
            self.alternate = on
            if on:
                self._sheets[True] = {}
        elif args == "?25":
            self.cursor = on

    def _erase(self, end: str, how: int) -> None:
        def gone(row: int, column: int) -> bool:
            if how == 2:
                return end == "J" or row == self._row
            return (row == self._row and column >= self._column) or (end == "J" and row > self._row)

        cells = self._sheets[self.alternate]
        self._sheets[self.alternate] = {at: c for at, c in cells.items() if not gone(*at)}


class Terminal:
    """A pseudo-terminal: what was written to it so far, and the screen that it makes."""

    def __init__(self, columns: int = 120, rows: int = 30) -> None:
        self._ours, self.theirs = pty.openpty()
        self.text = ""
        self.screen = Screen(columns, rows)
        self.resize(columns, rows)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def lines(self) -> list[str]:
        return self.screen.lines

    @property
    def shown(self) -> str:
        return "\n".join(self.lines)

    @property
    def modes(self) -> list[Any]:
        return termios.tcgetattr(self.theirs)

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(columns, rows)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def close(self) -> None:
        """Wait for the last words; whoever writes must have ended."""
        os.close(self.theirs)
        self._reader.join(10)
        os.close(self._ours)

    def _read(self) -> None:
        decoder = __import__("codecs").getincrementaldecoder("utf-8")("replace")
        while True:
            try:
                written = os.read(self._ours, 65536)
            except OSError:  # Linux, once nobody has the other end open
                return
            if not written:
                return
            text = decoder.decode(written)
            self.screen.feed(text)
            self.text += text
