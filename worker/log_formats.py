"""How a line of the log is written: as text, or as one JSON object."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from s3mover import tracing
from worker import subject

# Loggers of ours are named as their folders; their lines tell what they are about.
_OURS = ("config", "driver", "s3mover", "tasks", "worker")


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a field that a line has nothing for is not there."""

    def __init__(self, worker: str = "") -> None:
        super().__init__()
        self._worker = worker

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "worker": self._worker or None,
            **_subject_of(record),
            "trace": tracing.trace_id(),
            "exception": self.formatException(record.exc_info) if record.exc_info else None,
        }
        # ASCII: a lone surrogate in a key must not end the logging.
        return json.dumps({name: value for name, value in fields.items() if value is not None})


class TextFormatter(logging.Formatter):
    """The lines of another formatter; those of ours tell their move and part."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        about = subject.current()
        if about is None or about.move is None or record.name.split(".")[0] not in _OURS:
            return self._inner.format(record)
        message = record.getMessage()
        if about.part is None and about.move in message:
            return self._inner.format(record)
        copy = logging.makeLogRecord(record.__dict__)
        copy.msg, copy.args = f"{message} [{about}]", None
        return self._inner.format(copy)


def _subject_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line is about: what runs, else what Celery says it has received."""
    about = subject.current()
    if about is None and isinstance(record.args, dict) and "id" in record.args:
        return {"task": record.args.get("name"), "task_id": record.args["id"]}
    if about is None:
        return {}
    return {
        "task": about.task,
        "move": about.move,
        "generation": about.generation,
        "part": about.part,
        "page": about.page,
    }
