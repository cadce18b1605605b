"""The whole screen of a terminal for `top`, and the terminal as it was afterwards."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import time
import tty
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Self

from rich.console import Console
from rich.live import Live

from s3mover.cli.moves_text import plain
from s3mover.cli.moves_view import MovesView
from s3mover.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

    from s3mover.cli.glances import Glances

_SLICE = 0.1  # seconds until a new size of the terminal, or a key, is seen
_QUIT, _SUSPEND = {"q", "Q"}, "\x1a"


def can_move(stream: IO[str]) -> bool:
    """Tell whether a stream is a terminal that can be drawn on."""
    return not Console(file=stream).is_dumb_terminal and stream.isatty()


def printed(snapshot: Snapshot, stream: IO[str]) -> str:
    """Return one table: in the columns of a terminal, or whole for whatever else."""
    if not stream.isatty():
        return plain(snapshot)
    console = Console(file=stream)
    with console.capture() as captured:
        console.print(MovesView(snapshot))
    return captured.get().rstrip("\n")


def run(glances: Glances, snapshot: Snapshot, interval: float) -> None:
    """Show look after look, until q or Ctrl-C."""
    try:
        with _terminated(), Screen() as screen:
            while True:
                due = time.monotonic() + interval
                screen.show(snapshot)
                if not screen.wait_until(due):
                    return
                snapshot = glances.next()
    except KeyboardInterrupt:
        return


class Screen:
    """The terminal's other screen, without echo; whatever happens, it is given back."""

    def __init__(self) -> None:
        self._console = Console()
        self._last = Snapshot(at=datetime.now(UTC))
        self._view = MovesView(self._last)
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        self._take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    def show(self, snapshot: Snapshot) -> None:
        """Show a snapshot; without one, for Redis is away, the last that there was."""
        if not snapshot.error:
            self._last = snapshot
        self._view = MovesView(self._last, snapshot.error)
        self._draw()

    def wait_until(self, due: float) -> bool:
        """Wait, with an eye on the keys and on the size of the terminal; False to end."""
        size = self._console.size
        while (left := due - time.monotonic()) > 0:
            key = _key(min(left, _SLICE))
            if key in _QUIT:
                return False
            if key == _SUSPEND:
                self._suspend()
            if self._console.size != size:
                size = self._console.size
                self._draw()
        return True

    def _draw(self) -> None:
        self._live.update(self._view, refresh=True)

    def _take(self) -> None:
        with ExitStack() as ends:
            ends.enter_context(_keys())
            self._live = ends.enter_context(
                Live(console=self._console, screen=True, auto_refresh=False)
            )
            self._ends = ends.pop_all()

    def _suspend(self) -> None:
        """Stop as Ctrl-Z asks for, on the terminal as it was; come back when the shell says so."""
        self._ends.close()
        os.kill(0, signal.SIGTSTP)
        self._take()
        self._draw()


@contextmanager
def _keys() -> Iterator[None]:
    """Have the keys come one by one, and Ctrl-Z as a key; all as it was at the end."""
    if not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        now = termios.tcgetattr(terminal)
        now[6][termios.VSUSP] = b"\0"
        termios.tcsetattr(terminal, termios.TCSANOW, now)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _key(seconds: float) -> str:
    """Return the key that is pressed within so many seconds, or nothing."""
    if not sys.stdin.isatty():
        time.sleep(seconds)
        return ""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    if not ready:
        return ""
    return os.read(sys.stdin.fileno(), 1).decode(errors="replace") or "q"  # the terminal is gone


@contextmanager
def _terminated() -> Iterator[None]:
    """Have a SIGTERM end the program the long way, which gives the terminal back."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
