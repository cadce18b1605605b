"""The progress bar of the move of a prefix, on a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from s3mover.amounts import duration_text, size_text
from s3mover.cli.prefix_output import objects_text
from s3mover.prefix_rate import look, seconds_left

if TYPE_CHECKING:
    from s3mover import PrefixRecord
    from s3mover.prefix_rate import PrefixPace


class PrefixBar:
    """Objects, bytes, failures, rate and time left, on stderr; gone when the move ends."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.fields[state]:<9}"),
            BarColumn(),
            TextColumn("{task.fields[text]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: TaskID | None = None
        self._pace: PrefixPace | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, record: PrefixRecord) -> None:
        """Show where the move is; what was moved before the first look counts in its mean."""
        self._pace = look(record, time.monotonic(), self._pace)
        if self._task is None:
            self._task = self._progress.add_task("", total=None, state="", text="")
        self._progress.update(
            self._task,
            completed=record.progress,
            total=record.found if record.listed else None,
            state="stopping" if record.stopping else record.state.value,
            text=text(record, self._pace),
        )


def text(record: PrefixRecord, pace: PrefixPace) -> str:
    """Return what stands beside the bar."""
    facts = [f"{objects_text(record)} objects", size_text(record.moved_bytes)]
    if record.failed:
        facts.append(f"{record.failed} failed")
    if record.skipped:
        facts.append(f"{record.skipped} skipped")
    if rate := pace.objects.bytes_per_second:
        facts.append(f"{rate:.0f}/s")
    left = seconds_left(record, pace)
    if left is not None:
        facts.append(f"{duration_text(left)} left")
    return "  ".join(facts)
