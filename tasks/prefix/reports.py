"""The report of a prefix move: files of JSON lines beside the objects, one line an object."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import driver
from driver import Location, Permanent
from s3mover.prefix_journal import prefix_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.deployment import Deployment
    from tasks.prefix.outcome import Outcome
    from tasks.prefix.page import Page

log = logging.getLogger(__name__)


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
        driver.put_object(here.s3, here.settings.s3, place_of(page), lines.encode())
    except Permanent as error:
        log.warning("no report of page %s of %s: %s", page.number, page.id, error)
        here.redis.hset(prefix_key(page.id), "report", f"not written: {error}"[:500])


def place_of(page: Page) -> Location:
    """Return the file of the page's next lines: one for each time that it was paused, too."""
    folder = page.move["report"].removeprefix(f"s3://{page.destination.bucket}/")
    return Location(page.destination.bucket, f"{folder}page-{page.number:06}-{page.chunk}.jsonl")
