"""What a destination has to be like for a copy to replace it; S3 itself holds it to that."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from driver.answers import quoted
from driver.errors import DestinationChanged, PathNotFoundError, Rejected
from driver.locations import Location
from driver.source import head

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

Condition = Mapping[str, Any]
"""Under the parameter names that CopyObject and CompleteMultipartUpload share."""

UNCONDITIONAL: Condition = {}

ABSENT: Condition = {"IfNoneMatch": "*"}


def matching(etag: str) -> Condition:
    """Return the condition that the destination is still the object of that ETag."""
    return {"IfMatch": quoted(etag.strip('"'))}


def changed(destination: Location, *, repeated: bool = False) -> DestinationChanged:
    text = "an object is there, or not the one that may be replaced"
    error = DestinationChanged(text, operation="move", target=str(destination))
    error.repeated = repeated
    return error


def check(client: "S3Client", destination: Location, condition: Condition) -> None:
    """Raise `DestinationChanged` where the condition is not met now, before a byte is copied."""
    if condition and _etag(client, destination) != condition.get("IfMatch"):
        raise changed(destination)


def _etag(client: "S3Client", destination: Location) -> str | None:
    """Return the ETag of what is there, without a customer's key or with the copy's own."""
    try:
        try:
            found = head(client, replace(destination, customer_key=""))
        except Rejected:
            if not destination.customer_key:
                raise
            found = head(client, destination)
    except PathNotFoundError:
        return None
    return quoted(found.etag)
