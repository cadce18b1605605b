"""What is stored below a prefix, page after page, and its deletion in batches."""

from typing import TYPE_CHECKING, Any

from driver.errors import (
    DriverError,
    NotImplementedByStore,
    PathNotFoundError,
    Rejected,
)
from driver.locations import Location
from driver.translate import decide, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import ErrorTypeDef, ListObjectsV2OutputTypeDef

AGAIN = frozenset({"InternalError", "ServiceUnavailable", "Unknown"})
"""Codes of a key in the answer to many that have 5xx as an answer's own (S3 API, 2026-11)."""


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


def before(key: str) -> str:
    """
    Return what sorts right before a key; empty for an empty one.

    After the key itself SeaweedFS shows nothing below it as a directory (4.48, 2026-11). Between
    both are only keys that no path names, or, before a last 0, those below a slash.
    """
    if not key:
        return ""
    last = "." if key[-1] == "0" else chr(ord(key[-1]) - 1)  # a slash would name a directory
    return f"{key[:-1]}{last}~"


def delete_batch(client: "S3Client", bucket: str, keys: list[str]) -> list[DriverError]:
    """Delete 1 to 1,000 keys, and return an error for each that the store did not delete."""
    if len(keys) > 1:
        try:
            return _delete_many(client, bucket, keys)
        except (NotImplementedByStore, Rejected):
            pass  # one of them may be none that XML can hold, or it is not known at all
    return [error for key in keys for error in _delete_one(client, Location(bucket, key))]


def _delete_one(client: "S3Client", location: Location) -> list[DriverError]:
    try:
        with translated("DeleteObject", source=location):
            client.delete_object(**location.address)
    except PathNotFoundError:
        return []
    except DriverError as error:  # of this key, like one in the answer to many
        return [error]
    return []


def _delete_many(client: "S3Client", bucket: str, keys: list[str]) -> list[DriverError]:
    with translated("DeleteObjects", source=Location(bucket, keys[0])):
        answer = client.delete_objects(
            Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
    errors = [error_of_key(bucket, error) for error in answer.get("Errors", [])]
    return [error for error in errors if not isinstance(error, PathNotFoundError)]


def error_of_key(bucket: str, error: "ErrorTypeDef") -> DriverError:
    """Return the error of one key in the answer to many."""
    code = error.get("Code", "Unknown")
    status = 500 if code in AGAIN else 400
    return decide("DeleteObjects", code, status)(
        f"{code}: {error.get('Message', 'the store gave no message')}",
        operation="DeleteObjects",
        source=str(Location(bucket, error.get("Key", ""))),
        code=code,
    )
