"""The copy of an object by one request."""

from typing import TYPE_CHECKING, Any

from config import S3Settings
from driver.answers import etag_of, quoted
from driver.attributes import policy
from driver.errors import TooLarge
from driver.locations import Location
from driver.parts import MAX_COPY_SIZE
from driver.source import Source
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def copy_whole(
    client: "S3Client", settings: S3Settings, source: Source, destination: Location
) -> str:
    """
    Copy the pinned source and return the ETag of the copy.

    Safe to repeat. Raises `SourceChanged` and leaves the destination as it was when the
    source is another object now; `TooLarge` above 5 GiB.
    """
    if source.size > MAX_COPY_SIZE:
        raise TooLarge(
            f"{source.size} bytes, one CopyObject takes {MAX_COPY_SIZE}",
            operation="CopyObject",
            source=str(source.location),
            target=str(destination),
        )
    # S3 copies headers, metadata, tags and checksum by default, the redirect not (2026-11).
    redirect = source.headers.get("WebsiteRedirectLocation")
    kept = {"WebsiteRedirectLocation": redirect} if redirect else {}
    attributes: dict[str, Any] = policy(settings) | kept
    with translated("CopyObject", source=source.location, target=destination):
        answer = client.copy_object(
            **destination.address,
            CopySource=source.pin.address,
            CopySourceIfMatch=quoted(source.etag),
            **attributes,
        )
    return etag_of(answer.get("CopyObjectResult", {}), "CopyObject", destination)
