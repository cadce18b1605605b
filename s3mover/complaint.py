"""What a command has to say when it does not end well."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Complaint(BaseModel):
    """A line on stderr of a command with --json."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    error: str
    """A stable name: the code of a move's error, a class of `s3mover`, or `Usage`."""

    message: str
    """What happened and what to do, for a person."""

    exit_code: int
    """What the command ends with."""

    move: str | None = None
    """The id of the move that it is about, if there is one."""
