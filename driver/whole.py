"""The copy of an object by one request."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from driver.answers import etag_of, quoted
from driver.conditions import UNCONDITIONAL, Condition, changed
from driver.customer_keys import key_of, key_of_source
from driver.errors import SourceChanged, TooLarge
from driver.locations import Location
from driver.parts import MAX_COPY_SIZE
from driver.source import Source, recheck
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def copy_whole(
    client: "S3Client",
    policy: Mapping[str, Any],
    source: Source,
    destination: Location,
    condition: Condition = UNCONDITIONAL,
) -> str:
    """
    Copy the pinned source and return the ETag of the copy.

    Safe to repeat. Leaves the destination as it was, and raises `SourceChanged` when the source
    is another object now, `DestinationChanged` when the destination does not meet the
    `condition`; `TooLarge` above 5 GiB.
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
    attributes: dict[str, Any] = {**policy, **kept, **condition}
    try:
        with translated("CopyObject", source=source.location, target=destination):
            answer = client.copy_object(
                **destination.address,
                **key_of(destination),
                CopySource=source.pin.address,
                **key_of_source(source.location),
                CopySourceIfMatch=quoted(source.etag),
                **attributes,
            )
    except SourceChanged as error:
        if condition:  # either of the two was not met, and the answer does not say which
            recheck(client, source.pin)
            raise changed(destination, repeated=error.repeated) from error
        raise
    return etag_of(answer.get("CopyObjectResult", {}), "CopyObject", destination)
