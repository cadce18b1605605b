"""What a closed writer keeps beside its upload: too short for a part, and not to be lost."""

import json
import logging
from contextlib import closing
from typing import TYPE_CHECKING

from config import S3Settings
from driver.errors import DriverError, PathNotFoundError
from driver.locations import Location
from driver.notes import read_note
from driver.put import put_object
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

OFFSET = "offset"

Stale = frozenset[tuple[int, str]]

logger = logging.getLogger(__name__)


def save_tail(
    client: "S3Client", settings: S3Settings, location: Location, offset: int, content: bytearray
) -> None:
    """Keep `content`, which belongs behind the first `offset` bytes."""
    put_object(client, settings, location, content, Metadata={OFFSET: str(offset)})


def load_tail(client: "S3Client", location: Location, offset: int) -> bytes | None:
    """
    Return what was kept from byte `offset` on; None if nothing was kept.

    Empty if all of it is in parts. Some of it is when the writer that took it up had smaller
    parts, and died.
    """
    try:
        with translated("GetObject", source=location):
            answer = client.get_object(**location.address)
            with closing(answer["Body"]) as body:
                start = int(answer["Metadata"].get(OFFSET, offset + 1))
                if start <= offset < start + answer["ContentLength"]:
                    return body.read()[offset - start :]
                return b""
    except PathNotFoundError:
        return None


def save_stale(client: "S3Client", settings: S3Settings, tail: Location, parts: Stale) -> None:
    """
    Note the parts behind a gap, before the gap is filled: they would count as the next ones then.

    S3 deletes no part, and where one is written over SeaweedFS may list the old one on (4.48).
    """
    put_object(client, settings, stale_of(tail), json.dumps(sorted(parts)).encode())


def load_stale(client: "S3Client", tail: Location) -> Stale:
    """Return the numbers and ETags of parts that count no longer."""
    try:
        text = read_note(client, stale_of(tail))
    except PathNotFoundError:
        return frozenset()
    return frozenset((int(number), str(etag)) for number, etag in json.loads(text))


def stale_of(tail: Location) -> Location:
    return Location(tail.bucket, f"{tail.key}.stale")


def remove_tail(client: "S3Client", location: Location) -> None:
    """Remove it; one that stays is of no use and no harm, so that it is no error."""
    try:
        with translated("DeleteObject", target=location):
            client.delete_object(**location.address)
    except DriverError as error:
        logger.warning("%s is left behind: %s", location, error)
