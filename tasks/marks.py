"""
Marks of our uploads in S3 itself, for the day when the journal is lost.

A small object below `~s3mover/uploads/` in the bucket of each upload says whose it is. It goes
with the upload; one that stays leads the janitor to what nobody else will end.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import driver
from driver import DriverError, Location, PathNotFoundError, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.deployment import Deployment

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """Which upload is whose, and since when by the worker's clock."""

    move_id: str
    bucket: str
    key: str
    upload_id: str
    at: float
    customer_key: str = ""
    """The name of the one that the store may ask for when it is asked for the parts."""

    @property
    def upload(self) -> Upload:
        return Upload(Location(self.bucket, self.key, self.customer_key), self.upload_id)


def put(here: Deployment, mark: Mark) -> None:
    """Leave the mark; without it the move goes on, and only the journal knows its upload."""
    text = json.dumps(asdict(mark)).encode()
    try:
        place = driver.mark_of(here.settings.s3, mark.upload)
        driver.put_object(here.s3, here.settings.s3, place, text)
    except DriverError as error:
        log.warning("upload %s has no mark: %s", mark.upload_id, error)


def remove(here: Deployment, upload: Upload) -> None:
    """Remove the mark of an upload that has ended; one that stays is removed by the janitor."""
    try:
        driver.remove_note(here.s3, driver.mark_of(here.settings.s3, upload))
    except DriverError as error:
        log.warning("the mark of upload %s is left: %s", upload.id, error)


def older_than(here: Deployment, bucket: str, moment: float) -> Iterator[Mark]:
    """Yield the marks in a bucket that were left before a moment, in seconds since 1970."""
    folder = driver.reserved(here.settings.s3, bucket, driver.MARKS)
    for place, modified in driver.notes_below(here.s3, folder):
        if modified.timestamp() > moment:
            continue
        try:
            yield Mark(**json.loads(driver.read_note(here.s3, place)))
        except PathNotFoundError:
            continue  # its move has ended meanwhile
        except (ValueError, TypeError):
            log.warning("%s is no mark of ours, and stays", place)
