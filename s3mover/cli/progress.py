"""What a terminal shows of one move while somebody waits for it, on stderr."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from s3mover.amounts import amount_text, rate_text, time_text
from s3mover.cli.output import last_trouble, printable
from s3mover.rate import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import ConsoleOptions, RenderResult

    from s3mover import MoveRecord

# Seconds in which a worker that is there begins a move, unless others come first.
_PATIENCE = 5.0
_REFRESHES = 4  # a second
_LEAST_BAR = 8  # columns
_ECHO = "^C "  # what the terminal adds must not start a new line: the old one would stay

NOBODY = "no worker has begun it yet: `s3mover doctor` looks for one"


class Watched(Protocol):
    """Whatever shows how far a move is."""

    def show(self, record: MoveRecord) -> None:
        """Show where the move is now."""


@contextmanager
def on_terminal() -> Iterator[Watched]:
    """Yield a bar that is gone at the end; on a terminal that cannot go back, a line a phase."""
    console = Console(stderr=True)
    if console.is_dumb_terminal:
        yield Phases()
        return
    bar = Bar()
    with Live(bar, console=console, transient=True, refresh_per_second=_REFRESHES) as live:
        bar.on_change = live.refresh
        yield bar


class Phases:
    """A line for each phase that a move enters, and for each new trouble."""

    def __init__(self) -> None:
        self._last: tuple[str, ...] = ()

    def show(self, record: MoveRecord) -> None:
        facts = (_phase(record), last_trouble(record))
        if facts != self._last:
            click.echo(printable("; ".join(filter(None, facts))), err=True)
        self._last = facts


class Bar:
    """Phase, bytes, parts, rate and time left of one move; below it, what it is up against."""

    def __init__(self) -> None:
        self._pace: Pace | None = None
        self._record: MoveRecord | None = None
        self._begun = time.monotonic()
        self.on_change: Callable[[], None] = lambda: None

    def show(self, record: MoveRecord) -> None:
        """Show where the move is; what was copied before the first look has no rate."""
        self._pace = self._pace_now(record)
        self._record = record
        self.on_change()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        # Redrawn a few times a second, also when the record has not changed: the time left has.
        record = self._record
        if record is None:
            return
        facts = _facts(record, self._pace_now(record))
        width = options.max_width - len(_ECHO)
        yield _row(_phase(record), _bar(record), _fitting(facts, width), width)
        if note := printable(self._note(record)):
            yield Text(_cut(note, width), style="yellow", no_wrap=True)

    def _pace_now(self, record: MoveRecord) -> Pace:
        now = time.monotonic()
        before = self._pace
        return before.then(now, record.bytes_done) if before else Pace(now, record.bytes_done)

    def _note(self, record: MoveRecord) -> str:
        waited = time.monotonic() - self._begun
        if record.started_at is None and not record.troubles and waited > _PATIENCE:
            return NOBODY
        return last_trouble(record)


def _phase(record: MoveRecord) -> str:
    return "stopping" if record.stopping else record.state.value


def _facts(record: MoveRecord, pace: Pace) -> list[str]:
    """Return what stands beside the bar, the most important first."""
    if not record.parts_total:
        return [amount_text(0, record.size)] if record.size else []
    size = record.size or 0
    rate, left = pace.bytes_per_second, pace.seconds_left(size)
    return [
        amount_text(record.bytes_done, size),
        f"{record.parts_done}/{record.parts_total} parts",
        rate_text(rate) if rate else "",
        time_text(left) if left is not None else "",
    ]


def _fitting(facts: Sequence[str], width: int) -> list[str]:
    """Leave out the last of what does not fit beside phase and bar."""
    fitting, room = [], width - len("verifying ") - _LEAST_BAR
    for fact in filter(None, facts):
        room -= len(fact) + 1
        if room < 0:
            break
        fitting.append(fact)
    return fitting


def _bar(record: MoveRecord) -> ProgressBar:
    # Without parts nothing is known before the end: the bar pulses.
    total = record.size if record.parts_total else None
    return ProgressBar(total=total, completed=record.bytes_done, pulse=total is None)


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"


def _row(phase: str, bar: ProgressBar, facts: Sequence[str], width: int) -> Table:
    row = Table.grid(padding=(0, 1), expand=True)
    row.width = width
    row.add_column(width=len("verifying"), no_wrap=True)
    row.add_column(ratio=1, min_width=_LEAST_BAR, max_width=40)
    for _ in facts:
        row.add_column(no_wrap=True)
    row.add_row(phase, bar, *facts)
    return row
