"""The end of a move: its source goes, and nothing else."""

from typing import TYPE_CHECKING, Any, Literal

from driver.answers import quoted
from driver.errors import NotImplementedByStore, PathNotFoundError, Rejected, SourceChanged
from driver.source import Pin, head, is_gone
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
        if not _is_gone(client, pin):
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


def _is_gone(client: "S3Client", pin: Pin) -> bool:
    try:
        head(client, pin.location)
    except PathNotFoundError:
        return True
    return False
