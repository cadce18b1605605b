"""URLs that carry their own permission."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from config import S3Settings
from driver.client import make_client
from driver.locations import Location
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

OPERATIONS: Mapping[str, str] = {"GET": "get_object", "HEAD": "head_object"}


def signing_client(settings: S3Settings, client: "S3Client") -> "S3Client":
    """Return the client whose host the URLs get: the signature covers it."""
    if not settings.redirectendpoint:
        return client
    return make_client(
        settings.model_copy(
            update={
                "regionendpoint": settings.redirectendpoint.rstrip("/"),
                "accelerate": False,  # the host is given: botocore takes no other choice of one
            }
        )
    )


def presigned(client: "S3Client", location: Location, method: str, expires: timedelta) -> str:
    """Return a URL for that method and time; nothing is asked of the store."""
    operation = OPERATIONS[method]
    with translated(operation, source=location):
        return client.generate_presigned_url(
            operation, Params=dict(location.address), ExpiresIn=int(expires.total_seconds())
        )
