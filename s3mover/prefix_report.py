"""The report of the move of a prefix as one file: what is asked of a worker, and its answer."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from s3mover.contract import MoveError

REPORT_PREFIX_TASK = "s3mover.report_prefix"

ReportFormat = Literal["jsonl", "csv"]

COLUMNS = (
    *("source", "destination", "end", "size", "etag", "version_id"),
    *("evidence", "evidence_detail", "deletion", "error", "error_message", "move"),
    *("storageclass", "line", "entry"),
)
"""Of a CSV file, in this order; the last two are of a manifest."""


class PrefixReport(BaseModel):
    """Where all lines of a report are, as one object."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    id: str
    """Of the move."""

    location: str | None = None
    """The object that a worker has written, `s3://bucket/key`; it replaces an older one."""

    lines: int = 0
    """One an object that has ended; of CSV without the line of titles."""

    whole: bool = False
    """Whether the move has ended, so that no line is to come, and all that it counted are there."""

    size: int = 0
    url: str | None = None
    """Where whoever has it may read the object for an hour, without credentials."""

    error: MoveError | None = None
    """Why there is no such object."""


def report_key(task_id: str) -> str:
    return f"s3mover:report:{task_id}"
