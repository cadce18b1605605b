"""Pieces of an object that has to stay what it is while they are read."""

from contextlib import closing
from typing import TYPE_CHECKING, Any

from driver.answers import etag_of, quoted
from driver.errors import NotImplementedByStore, SourceChanged
from driver.prefixes import Listed
from driver.source import Pin
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from driver.locations import Location


def read_range(client: "S3Client", pin: Pin, start: int, length: int) -> bytes:
    """Return up to `length` bytes of the pinned object; SourceChanged if it is another now."""
    if start >= pin.size:
        return b""
    end = min(start + length, pin.size)
    with translated("GetObject", source=pin.location):
        answer = client.get_object(
            **pin.address, Range=f"bytes={start}-{end - 1}", IfMatch=quoted(pin.etag)
        )
        with closing(answer["Body"]) as body:
            _check(answer, pin, start, end - start)
            return body.read()


def _check(answer: Any, pin: Pin, start: int, length: int) -> None:
    """Refuse what a store answers that ignores If-Match or Range (juicefs, rclone, 2026-11)."""
    name, where = "GetObject", str(pin.location)
    if etag_of(answer, name, pin.location) != pin.etag:
        raise SourceChanged("it was overwritten while it was read", operation=name, source=where)
    told = answer.get("ContentRange", "")
    if answer["ContentLength"] != length or (start and not told.startswith(f"bytes {start}-")):
        text = "the store did not answer the range that was asked for"
        raise NotImplementedByStore(text, operation=name, source=where)


def look(client: "S3Client", location: "Location", version_id: str | None = None) -> Listed:
    """Return what a listing would show of an object; `PathNotFoundError` if there is none."""
    with translated("HeadObject", source=location):
        answer = client.head_object(**location.version(version_id))
    named = answer.get("VersionId")
    return Listed(
        key=location.key,
        size=answer["ContentLength"],
        etag=etag_of(answer, "HeadObject", location),
        version_id=None if named == "null" else named,
        storageclass=answer.get("StorageClass", "STANDARD"),
        modified=answer["LastModified"],
    )


def first_below(client: "S3Client", folder: "Location", after: str = "") -> str:
    """Return the first key below a prefix, or the first after a key; empty: there is none."""
    more: dict[str, Any] = {"StartAfter": after} if after else {}
    with translated("ListObjectsV2", source=folder):
        answer = client.list_objects_v2(Bucket=folder.bucket, Prefix=folder.key, MaxKeys=2, **more)
    return next((each["Key"] for each in answer.get("Contents", []) if each["Key"] != after), "")
