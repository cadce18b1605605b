"""Which keys moves may touch inside the buckets that they may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import driver
from tasks.errors import KeyNotAllowed

if TYPE_CHECKING:
    from config import Settings
    from driver import Location


def check_key(settings: Settings, location: Location) -> None:
    """Raise KeyNotAllowed for a key that moves may not touch; look-alikes are other keys."""
    if problem := _problem(settings, location):
        raise KeyNotAllowed(problem, operation="move", source=str(location))


def _problem(settings: Settings, location: Location) -> str | None:
    s3, names = settings.s3, set(location.key.split("/"))
    reserved = driver.RESERVED.strip("/")
    if reserved in names:
        return f"what is below {reserved}/ belongs to the driver, and no move may touch it"
    # Legal in Amazon S3, where a key is no path. Of a store that keeps keys as file paths they
    # may lead into another bucket.
    if (s3.regionendpoint or settings.confine) and driver.has_dots(location.key):
        return "on this store a key must have no component . or .."
    root = driver.root_of(s3, location.bucket)
    if settings.confine and not location.key.startswith(root):
        return f"S3MOVER_CONFINE keeps moves in {s3.bucket} below the rootdirectory {root}"
    return None
