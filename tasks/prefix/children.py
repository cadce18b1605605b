"""Large objects below a prefix: each is a move of its own, and tells its page of its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from celery import current_app
from pydantic import ValidationError

from driver import Evidence
from s3mover import MoveRequest, State
from s3mover.contract import CONTROL_QUEUE, MOVE_TASK
from s3mover.display import shown
from s3mover.request import faults, message
from tasks.prefix.names import replaces_nothing
from tasks.prefix.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.prefix.page import Page
    from tasks.prefix.work import Item

_IDS = UUID("0d5c3f0e-5d0c-5a0e-9d57-2f0c3f6a9b11")


def child_id(prefix_id: str, page: str | int, item: int) -> str:
    return str(uuid5(_IDS, f"{prefix_id} {page} {item}"))


def adopt(page: Page, items: Iterable[Item]) -> list[Outcome]:
    """Start a move for each; return those that no request can name, as failed."""
    refused = []
    for item in items:
        try:
            request = _request(page, item)
        except ValidationError as error:
            text = faults(error)
            refused.append(Outcome(item, "failed", code="InvalidRequest", message=text))
            continue
        move = child_id(page.id, page.number, item.number)
        if page.adopt(item, move, request) == State.QUEUED:
            current_app.send_task(
                MOVE_TASK,
                kwargs=message(request),
                task_id=move,
                queue=CONTROL_QUEUE,
                kwargsrepr=shown(move, source=request.source, destination=request.destination),
                ignore_result=True,
            )
    return refused


def _request(page: Page, item: Item) -> MoveRequest:
    asked = page.request
    return MoveRequest(
        source=str(item.place(page.source)),
        destination=str(item.target(page.destination)),
        overwrite="never" if replaces_nothing(asked, item) else asked.overwrite,
        storageclass=asked.storageclass,
        encryption=asked.encryption,
        preserve=asked.preserve,
    )


def ended(page: Page) -> list[Outcome]:
    """Return what has come of the large objects of a page; all of them have ended."""
    return [_outcome(item, page.fields[f"child {item.number}"]) for item in page.items or ()]


def _outcome(item: Item, text: str) -> Outcome:
    found = json.loads(text)
    evidence, error = (json.loads(found.get(name, "null")) for name in ("evidence", "error"))
    code = error["code"] if error else ""
    if found["state"] == State.FAILED and code == "DestinationChanged":
        code = (
            "Collision"  # nobody has asked that what is there stays: it is another object's place
        )
    return Outcome(
        item,
        "moved" if found["state"] == State.DONE else found["state"],
        evidence=evidence and Evidence(evidence["kind"], evidence["detail"]),
        deletion=found.get("deletion", ""),
        code=code,
        message=error["message"] if error else "",
        move=found["move"],
    )
