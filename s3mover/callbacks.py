"""
Who is told of the end of a move: a Celery task of another program, or a web app by HTTP.

Both are told at least once. What tells repetitions apart is derived from the move's id.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal, NotRequired
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, with_config
from typing_extensions import TypedDict  # pydantic asks for it below Python 3.12

Kind = Literal["on_end", "webhook"]
KINDS: tuple[Kind, ...] = ("on_end", "webhook")

MOST_JSON = 8192
"""Bytes of the keyword arguments that a callback may have, as JSON."""

# The ids of callbacks; the same for each repetition.
_CALLBACKS = UUID("0b7c55a3-52a4-5a3e-9d0f-7f2f5d0c9f11")

# In the name of a worker: its own tasks, and those that Celery brings along.
_OURS = ("s3mover.", "celery.")
_OUR_QUEUES = re.compile(r"control|parts|celery|unacked.*|_kombu.*")

_HOST = r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])"
_URL = rf'^https?://{_HOST}(?::[0-9]{{1,5}})?(?:[/?][!"$-\[\]-~]*)?$'
_MAX_PORT = 65535


def _check_task(name: str) -> str:
    if name.startswith(_OURS):
        raise ValueError("a callback is a task of your own: not one of s3mover's or Celery's")
    return name


def _check_queue(name: str) -> str:
    if _OUR_QUEUES.fullmatch(name):
        raise ValueError("a callback goes to a queue of your own: not to one of s3mover's")
    return name


def _check_kwargs(kwargs: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if "record" in kwargs:
        raise ValueError("`record` is the move's")
    try:
        size = len(json.dumps(kwargs, allow_nan=False).encode())
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if size > MOST_JSON:
        raise ValueError(f"more than {MOST_JSON} bytes as JSON")
    return kwargs


def _check_url(url: str) -> str:
    # Narrow, so that no two programs read it differently (no user, no backslash, no fragment).
    if not re.fullmatch(_URL, url) or (urlsplit(url).port or 1) > _MAX_PORT:
        raise ValueError("expected http(s)://host[:port][/path], in ASCII, with no user in it")
    return url


@with_config(ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True))
class OnEnd(TypedDict):
    """A Celery task of another program on the same broker: `task(record={…}, **kwargs)`."""

    task: Annotated[
        str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.]{0,254}$"), AfterValidator(_check_task)
    ]
    """The task's name."""

    queue: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$"), AfterValidator(_check_queue)
    ]
    """The queue that the program's workers serve; one of the workers' `callback_queues`."""

    kwargs: NotRequired[Annotated[dict[str, JsonValue], AfterValidator(_check_kwargs)]]
    """Further keyword arguments, at most 8192 bytes of JSON."""


WebhookUrl = Annotated[
    str, Field(max_length=2048, json_schema_extra={"pattern": _URL}), AfterValidator(_check_url)
]
"""`http(s)://host[:port][/path]`, in ASCII, without user, password and fragment."""


def on_end_id(move_id: str) -> str:
    """Return the id of the task that is told of a move's end: the same each time."""
    return str(uuid5(_CALLBACKS, f"on_end {move_id}"))


def webhook_id(move_id: str) -> str:
    """Return the `webhook-id` of a move's end: the same each time."""
    return f"msg_{uuid5(_CALLBACKS, f'webhook {move_id}')}"
