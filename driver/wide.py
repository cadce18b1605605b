"""
A listing that splits where it is long, so that several pages may be listed side by side.

By names, where the store sorts by bytes; else by folders, at the first page, as what is below a
folder is the folder's in any order.
"""

import logging
from typing import TYPE_CHECKING

from config import S3Settings
from driver.errors import DriverError
from driver.locations import Location
from driver.order import sorts_by_bytes
from driver.prefixes import Listed, list_folders, list_page
from driver.spans import Span
from driver.splits import split

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

log = logging.getLogger(__name__)

_FEWEST_PAGES = 2
"""Of one span, that were listed before it is split: the next tries are at twice as many each."""

MOST_SPANS = 16
"""That are listed side by side: a listing of fewer than half of them is split to so many."""

MOST_FOLDERS = 64
"""A page of its own for each: with more of them, one listing of all is better."""


def list_wide(
    client: "S3Client",
    settings: S3Settings,
    prefix: Location,
    cursor: str,
    *,
    versions: bool,
    others: int,
) -> tuple[list[Listed], list[str]]:
    """
    Return the objects at a cursor, and the cursors of what is left; empty: nothing.

    All that is below the prefix is at exactly one cursor. `others`: how many there are besides
    this one; there will be at most MOST_SPANS, or, from the first page, MOST_FOLDERS.
    """
    found, following = list_page(client, prefix, cursor, versions=versions)
    if not following:
        return found, []
    if others >= MOST_SPANS / 2:
        return found, [following]
    room = MOST_SPANS - 1 - others
    try:
        if sorts_by_bytes(client, settings, prefix.bucket, versions=versions):
            return found, _split(client, prefix, following, room, versions=versions)
        if not cursor and not versions:
            return _by_folders(client, prefix, found) or (found, [following])
    except DriverError as error:  # it is no more than slower
        log.info("the listing of %s is not split: %s", prefix, error)
    return found, [following]


def _split(
    client: "S3Client", prefix: Location, following: str, room: int, *, versions: bool
) -> list[str]:
    pages = Span.read(following).pages
    if pages < _FEWEST_PAGES or pages & (pages - 1):
        return [following]
    return split(client, prefix, following, room, versions=versions)


def _by_folders(
    client: "S3Client", prefix: Location, found: list[Listed]
) -> tuple[list[Listed], list[str]] | None:
    """Return what is in no folder, and a cursor for each folder; None where that is no use."""
    loose, folders, is_all = list_folders(client, prefix)
    while is_all and not loose and len(folders) == 1:
        loose, folders, is_all = list_folders(client, Location(prefix.bucket, folders[0]))
    if not is_all or not 1 < len(folders) <= MOST_FOLDERS:
        return None
    known = {each.key for each in loose}
    if not all(each.key in known or each.key.startswith(tuple(folders)) for each in found):
        return None  # whatever the store means by a folder
    return loose, [Span(below=folder).cursor for folder in folders]
