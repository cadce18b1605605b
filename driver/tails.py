"""What a closed writer keeps beside its upload: too short for a part, and not to be lost."""

import logging
from contextlib import closing
from typing import TYPE_CHECKING

from config import S3Settings
from driver.attributes import CONTENT_TYPE, policy
from driver.errors import DriverError, PathNotFoundError
from driver.locations import Location
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

OFFSET = "offset"

logger = logging.getLogger(__name__)


def save_tail(
    client: "S3Client", settings: S3Settings, location: Location, offset: int, content: bytearray
) -> None:
    """Keep `content`, which belongs behind the first `offset` bytes."""
    with translated("PutObject", target=location):
        client.put_object(
            **location.address,
            Body=content,  # type: ignore[arg-type]  # a bytearray is a blob too (botocore 1.44)
            Metadata={OFFSET: str(offset)},
            ContentType=CONTENT_TYPE,
            **policy(settings),
        )


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


def remove_tail(client: "S3Client", location: Location) -> None:
    """Remove it; one that stays is of no use and no harm, so that it is no error."""
    try:
        with translated("DeleteObject", target=location):
            client.delete_object(**location.address)
    except DriverError as error:
        logger.warning("%s is left behind: %s", location, error)
