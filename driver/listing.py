"""What is stored below a prefix, page after page, and its deletion in batches."""

from typing import TYPE_CHECKING, Any

from driver.errors import DriverError, Permanent
from driver.locations import Location
from driver.translate import decide, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import ErrorTypeDef, ListObjectsV2OutputTypeDef


def pages(
    client: "S3Client", prefix: Location, *, delimiter: str = "", start_after: str = ""
) -> "Iterator[ListObjectsV2OutputTypeDef]":
    """Yield the pages of ListObjectsV2, of at most 1,000 keys, each when it is needed."""
    # Only what is given: an empty StartAfter breaks some gateways (distribution #4935, 2026-11).
    extra: dict[str, Any] = {"Delimiter": delimiter, "StartAfter": start_after}
    with translated("ListObjectsV2", source=prefix):
        yield from client.get_paginator("list_objects_v2").paginate(
            Bucket=prefix.bucket,
            Prefix=prefix.key,
            **{name: value for name, value in extra.items() if value},
        )


def holds_anything(client: "S3Client", prefix: Location) -> bool:
    with translated("ListObjectsV2", source=prefix):
        answer = client.list_objects_v2(Bucket=prefix.bucket, Prefix=prefix.key, MaxKeys=1)
    return bool(answer.get("Contents"))


def delete_batch(client: "S3Client", bucket: str, keys: list[str]) -> list[DriverError]:
    """Delete 1 to 1,000 keys, and return an error for each that the store did not delete."""
    first = Location(bucket, keys[0])
    if len(keys) == 1:
        try:
            with translated("DeleteObject", source=first):
                client.delete_object(**first.address)
        except Permanent as error:  # of this key, like one in the answer to many
            return [error]
        return []
    with translated("DeleteObjects", source=first):
        answer = client.delete_objects(
            Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
    return [_error(bucket, error) for error in answer.get("Errors", [])]


def _error(bucket: str, error: "ErrorTypeDef") -> DriverError:
    code = error.get("Code", "Unknown")
    return decide("DeleteObjects", code, 0)(
        f"{code}: {error.get('Message', 'the store gave no message')}",
        operation="DeleteObjects",
        source=str(Location(bucket, error.get("Key", ""))),
        code=code,
    )
