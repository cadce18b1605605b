"""The progress bar of a move, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from s3mover.cli.output import size_text

if TYPE_CHECKING:
    from s3mover import MoveRecord


class Bar:
    """State, bytes, parts, rate and time left of one move, on stderr; gone when it ends."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.fields[state]:<9}"),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TextColumn("{task.fields[parts]}"),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, record: MoveRecord) -> None:
        """Show where the move is; what was copied before the first look has no rate."""
        if self._task is None:
            start = record.bytes_done
            # Without a total the bar pulses: rich's own default of 100 would be a lie.
            self._task = self._progress.add_task(
                "", total=None, completed=start, state="", parts=""
            )
        in_parts = record.parts_total > 0
        self._progress.update(
            self._task,
            completed=record.bytes_done,
            total=record.size if in_parts else None,
            state="stopping" if record.stopping else record.state.value,
            parts=f"{record.parts_done}/{record.parts_total} parts" if in_parts else "",
        )


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{size_text(task.speed)}/s" if task.speed else "")
