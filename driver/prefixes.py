"""What is below a prefix, a page at a time, and what its bucket demands of a move."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from config import S3Settings
from driver.errors import (
    AccessDenied,
    NotImplementedByStore,
    Permanent,
    Rejected,
    SameObject,
)
from driver.locations import Location, collapsed
from driver.notes import remove_note
from driver.source import ARCHIVES, Pin, Source, is_absent
from driver.spans import Span
from driver.translate import NO_LOCK, translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PAGE = 1000
"""Keys of one answer, and of one DeleteObjects (S3 API, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a listing shows it."""

    key: str
    size: int
    etag: str
    version_id: str | None
    """None in a bucket without versions, and for S3's "null" version."""

    storageclass: str
    modified: datetime

    @property
    def archived(self) -> bool:
        return self.storageclass in ARCHIVES


def list_page(
    client: "S3Client", prefix: Location, cursor: str, *, versions: bool
) -> tuple[list[Listed], str]:
    """
    Return the objects of the page at the cursor, and the cursor of the next; empty: there is none.

    With `versions` they are the current version of each key, by its id.
    """
    span = Span.read(cursor)
    below = Location(prefix.bucket, span.below or prefix.key)
    found, last, more = (_list_versions if versions else _list_objects)(client, below, span)
    return [each for each in found if span.holds(each.key)], span.following(last, more)


_Answer = tuple[list[Listed], str, dict[str, str]]
"""What is on a page, the last key that it shows, and how the next one is asked for."""


def _list_objects(client: "S3Client", below: Location, span: Span) -> _Answer:
    with translated("ListObjectsV2", source=below):
        answer = client.list_objects_v2(
            Bucket=below.bucket, Prefix=below.key, MaxKeys=PAGE, **span.more
        )
    found = [_listed(each, None) for each in answer.get("Contents", [])]
    last = found[-1].key if found else ""
    token = answer.get("NextContinuationToken", "") if answer.get("IsTruncated") else ""
    return found, last, {"ContinuationToken": token} if token else {}


def _list_versions(client: "S3Client", below: Location, span: Span) -> _Answer:
    with translated("ListObjectVersions", source=below):
        answer = client.list_object_versions(
            Bucket=below.bucket, Prefix=below.key, MaxKeys=PAGE, **span.more
        )
    found = [
        _listed(each, each.get("VersionId"))
        for each in answer.get("Versions", [])
        if each.get("IsLatest")
    ]
    if not answer.get("IsTruncated"):
        return found, "", {}
    last = answer.get("NextKeyMarker", "")
    more = {"KeyMarker": last, "VersionIdMarker": answer.get("NextVersionIdMarker", "")}
    return found, last, {name: value for name, value in more.items() if value}


def list_folders(client: "S3Client", prefix: Location) -> tuple[list[Listed], list[str], bool]:
    """Return objects right below a prefix, prefixes of folders, and whether that is all."""
    with translated("ListObjectsV2", source=prefix):
        answer = client.list_objects_v2(
            Bucket=prefix.bucket, Prefix=prefix.key, MaxKeys=PAGE, Delimiter="/"
        )
    found = [_listed(each, None) for each in answer.get("Contents", [])]
    folders = [each["Prefix"] for each in answer.get("CommonPrefixes", [])]
    return found, folders, not answer.get("IsTruncated")


def _listed(found: Any, version_id: str | None) -> Listed:
    return Listed(
        key=found["Key"],
        size=found.get("Size", 0),
        etag=found.get("ETag", "").strip('"'),
        version_id=None if version_id == "null" else version_id,
        storageclass=found.get("StorageClass") or "STANDARD",
        modified=found["LastModified"],
    )


def source_of(pin: Pin, storageclass: str) -> Source:
    """Return what a copy by one request needs to know; the store itself carries the rest."""
    return Source(
        location=pin.location,
        size=pin.size,
        etag=pin.etag,
        version_id=pin.version_id,
        headers={},
        metadata={},
        tag_count=0,
        checksum=None,
        storageclass=storageclass,
    )


def is_versioned(client: "S3Client", bucket: str) -> bool:
    """Tell whether the bucket keeps, or has kept, versions; no where it does not say."""
    try:
        with translated("GetBucketVersioning", source=Location(bucket, "")):
            return bool(client.get_bucket_versioning(Bucket=bucket).get("Status"))
    except (AccessDenied, NotImplementedByStore, Rejected):
        return False


def is_lockable(client: "S3Client", bucket: str) -> bool:
    """Tell whether an object of the bucket may be locked; yes where the bucket does not say."""
    try:
        with translated("GetObjectLockConfiguration", source=Location(bucket, "")):
            client.get_object_lock_configuration(Bucket=bucket)
    except NotImplementedByStore:
        return False
    except Permanent as error:
        return error.code != NO_LOCK
    return True


def refuse_overlap(settings: S3Settings, source: Location, destination: Location) -> None:
    """Raise `SameObject` when one prefix is inside the other: a move would list what it wrote."""
    one, other = area_of(settings, source), area_of(settings, destination)
    if one.startswith(other) or other.startswith(one):
        raise SameObject(
            "one prefix is inside the other",
            operation="move",
            source=str(source),
            target=str(destination),
        )


def area_of(settings: S3Settings, prefix: Location) -> str:
    """Return the name of what is below a prefix: it begins with the name of what it is inside."""
    # A store that keeps keys as file paths takes `a//x/` and `a/x/` for one (see locations).
    plain = collapsed if settings.regionendpoint else str
    return f"{prefix.bucket}/{plain(prefix.key)}"


def honours_batch_conditions(client: "S3Client", place: Location) -> bool:
    """
    Tell whether DeleteObjects spares an object of another ETag, by one written at `place`.

    Some stores take the condition and delete regardless (localstack 4, 2026-11).
    """
    try:
        with translated("PutObject", target=place):
            client.put_object(**place.address, Body=b"s3mover")
        asked: Any = {"Objects": [{"Key": place.key, "ETag": '"none"'}]}
        with translated("DeleteObjects", source=place):
            client.delete_objects(Bucket=place.bucket, Delete=asked)
        is_spared = not is_absent(client, place)
    except Permanent:
        return False
    remove_note(client, place)
    return is_spared
