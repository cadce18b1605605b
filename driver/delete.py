"""The end of a move: its source goes, and nothing else."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from driver.answers import quoted
from driver.errors import (
    DriverError,
    NotImplementedByStore,
    PathNotFoundError,
    Rejected,
    SourceChanged,
)
from driver.listing import error_of_key
from driver.source import Pin, is_absent, is_gone
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

How = Literal["version", "if-match", "head-compare"]


def delete_source(client: "S3Client", pin: Pin) -> How:
    """
    Delete exactly the pinned object and say how it was held to be the one.

    Safe to repeat: one that is gone already is success. Raises `SourceChanged` and deletes
    nothing when another object is there.
    """
    if pin.version_id:
        _delete(client, pin)
        return "version"
    try:
        _delete(client, pin, IfMatch=quoted(pin.etag))
    except SourceChanged:
        # SeaweedFS says so of a missing key too (4.48, 2026-11).
        if not is_absent(client, pin.location):
            raise
    except (NotImplementedByStore, Rejected) as error:
        if isinstance(error, Rejected) and error.code != "InvalidArgument":
            raise
        return _compare_and_delete(client, pin)
    return "if-match"


def _compare_and_delete(client: "S3Client", pin: Pin) -> How:
    """Delete where the store has no conditional delete; a write in between is lost."""
    if not is_gone(client, pin):
        _delete(client, pin)
    return "head-compare"


def _delete(client: "S3Client", pin: Pin, **condition: str) -> None:
    extra: dict[str, Any] = condition
    try:
        with translated("DeleteObject", source=pin.location):
            client.delete_object(**pin.address, **extra)
    except PathNotFoundError:
        return


def delete_sources(client: "S3Client", pins: Sequence[Pin]) -> dict[Pin, DriverError]:
    """
    Delete exactly the pinned objects of one bucket, at most 1,000, and return what was not.

    Safe to repeat: one that is gone already is success. Each is named by its version, or held to
    its ETag, which the store has to honour (see `honours_batch_conditions`).
    """
    bucket, named = pins[0].location.bucket, {_name(pin): pin for pin in pins}
    objects: Any = [_named(pin) for pin in pins]
    with translated("DeleteObjects", source=pins[0].location):
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    errors = {}
    for each in answer.get("Errors", []):
        pin = named.get((each.get("Key", ""), each.get("VersionId") or None))
        pin = pin or named.get((each.get("Key", ""), None))
        error = error_of_key(bucket, each)
        if pin and not isinstance(error, PathNotFoundError):
            errors[pin] = error
    return errors


def _name(pin: Pin) -> tuple[str, str | None]:
    return pin.location.key, pin.version_id


def _named(pin: Pin) -> dict[str, str]:
    if pin.version_id:
        return {"Key": pin.location.key, "VersionId": pin.version_id}
    return {"Key": pin.location.key, "ETag": quoted(pin.etag)}
