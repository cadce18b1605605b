"""The report of a prefix move: files of JSON lines beside the objects, one line an object."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import driver
from driver import (
    Location,
    NotImplementedByStore,
    PathNotFoundError,
    Permanent,
    Rejected,
    SourceChanged,
)
from s3mover.prefix_journal import prefix_key
from tasks.errors import Superseded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from tasks.deployment import Deployment
    from tasks.prefix.outcome import Outcome
    from tasks.prefix.page import Page

log = logging.getLogger(__name__)

_FOLDER = "reports/"

_TRIES = 3  # an answer may be lost, and what was written is then what is in the way


def write(here: Deployment, page: Page, outcomes: Sequence[Outcome]) -> None:
    """
    Write the lines of what has ended; the same file with the same lines, however often.

    Where it may not be written the move goes on, and its record says so.
    """
    ended = [each for each in outcomes if each.end != "left"]
    if not ended:
        return
    lines = "".join(each.line(page.source, page.destination) + "\n" for each in ended)
    try:
        _put(here, page, lines.encode())
    except Permanent as error:
        log.warning("no report of page %s of %s: %s", page.number, page.id, error)
        here.redis.hset(prefix_key(page.id), "report", f"not written: {error}"[:500])


def _put(here: Deployment, page: Page, lines: bytes) -> None:
    """
    Write the file, but not over that of a later holder of the page, which has counted its own.

    A task that slept beyond its lease would say of each object what it has found: nothing.
    """
    s3, settings, place = here.s3, here.settings.s3, place_of(page)
    condition: driver.Condition = driver.ABSENT
    for _ in range(_TRIES):
        try:
            driver.put_object(s3, settings, place, lines, **condition)
        except SourceChanged:  # as of any condition that is not met
            condition = _as_it_is(here, place)
            _refuse_if_lost(page)
        except (NotImplementedByStore, Rejected):  # a store without conditions
            _refuse_if_lost(page)
            condition = driver.UNCONDITIONAL
        else:
            return
    driver.put_object(s3, settings, place, lines, **condition)


def _as_it_is(here: Deployment, place: Location) -> driver.Condition:
    try:
        return driver.matching(driver.head(here.s3, place).etag)
    except PathNotFoundError:
        return driver.ABSENT


def _refuse_if_lost(page: Page) -> None:
    if not page.is_held():
        raise Superseded


def place_of(page: Page) -> Location:
    """Return the file of the page's next lines: one for each time that it was paused, too."""
    folder = folder_of(page.here.settings, page.destination.bucket, page.id)
    return Location(folder.bucket, f"{folder.key}page-{page.number:06}-{page.chunk}.jsonl")


def folder_of(settings: Settings, bucket: str, prefix_id: str) -> Location:
    """Return where the report of a move is, whatever its record says of it."""
    return driver.reserved(settings.s3, bucket, f"{_FOLDER}{prefix_id}/")
