"""A small object, written as the settings demand of everything that is written."""

from typing import TYPE_CHECKING, Any

from config import S3Settings
from driver.attributes import CONTENT_TYPE, policy
from driver.locations import Location
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def put_object(
    client: "S3Client",
    settings: S3Settings,
    target: Location,
    body: bytes | bytearray,
    **more: Any,
) -> None:
    """Write the object by one request; `more` are further parameters of it."""
    with translated("PutObject", target=target):
        client.put_object(
            **target.address,
            Body=body,  # type: ignore[arg-type]  # a bytearray is a blob too (botocore 1.44)
            ContentType=CONTENT_TYPE,
            **policy(settings),
            **more,
        )
