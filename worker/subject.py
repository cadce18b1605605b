"""What the lines of a log are about: the move, and its part, of the task that runs."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from celery.signals import task_postrun, task_prerun

from s3mover.contract import COPY_PART_TASK, MOVE_TASK, SETTLE_TASK
from s3mover.prefix_contract import MOVE_BATCH_TASK, MOVE_PREFIX_TASK, STEER_PREFIX_TASK
from s3mover.prefix_report import REPORT_PREFIX_TASK
from s3mover.prefix_request import prefix_id_of
from s3mover.request import move_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from celery import Task


@dataclass(frozen=True, slots=True)
class Subject:
    """A task, and which move it is about; what it has none of is None."""

    task: str
    move: str | None = None
    generation: int | None = None
    part: int | None = None
    page: int | None = None
    """Of the move of a prefix."""

    def __str__(self) -> str:
        names = {
            "move": self.move,
            "generation": self.generation or None,
            "part": self.part,
            "page": self.page,
        }
        return " ".join(f"{name}={value}" for name, value in names.items() if value is not None)


_ID_OF = {MOVE_TASK: move_id_of, MOVE_PREFIX_TASK: prefix_id_of}

_current: ContextVar[Subject | None] = ContextVar("subject", default=None)


def connect() -> None:
    """Follow the tasks of this process."""
    task_prerun.connect(enter)
    task_postrun.connect(leave)


def current() -> Subject | None:
    """Return what this thread is about."""
    return _current.get()


def enter(
    task_id: str, task: Task[Any, Any], args: Sequence[Any], kwargs: Mapping[str, Any], **_: Any
) -> None:
    _current.set(of(task.name, task_id, args, kwargs))


def leave(**_: Any) -> None:
    _current.set(None)


def of(task: str, task_id: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Subject:
    """Read a message as its task will; one that is malformed is about its task alone."""
    match task, [*args]:
        case (str(), [str(move), int(generation), int(part), *_]) if task == COPY_PART_TASK:
            return Subject(task, move, generation, part)
        case (str(), [str(group), *_]) if task == SETTLE_TASK:
            move, _, text = group.rpartition(".")
            return Subject(task, move, int(text) if text.isdecimal() else None)
        case (str(), []) if task in _ID_OF:
            key = kwargs.get("idempotency_key")
            return Subject(task, _ID_OF[task](key) if isinstance(key, str) else task_id)
        case (str(), [str(move), int(page), *_]) if task == MOVE_BATCH_TASK:
            return Subject(task, move, page=page)
        case (str(), [str(move), *_]) if task in {STEER_PREFIX_TASK, REPORT_PREFIX_TASK}:
            return Subject(task, move)
    return Subject(task)
