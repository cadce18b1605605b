"""The object to move, as a HEAD shows it, and the pin that identifies it from then on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from driver.answers import etag_of, required
from driver.checksums import Checksum, checksum_of
from driver.customer_keys import check_sealed, explained, key_of
from driver.errors import PathNotFoundError, SourceChanged
from driver.locations import Location, VersionAddress
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import HeadObjectOutputTypeDef

ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})

HEADERS = (
    "ContentType",
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "Expires",
    "WebsiteRedirectLocation",
)


@dataclass(frozen=True, slots=True)
class Pin:
    """What identifies the object from the start of a move to its end; small, to travel."""

    location: Location
    size: int
    etag: str
    version_id: str | None

    @property
    def address(self) -> VersionAddress:
        return self.location.version(self.version_id)


@dataclass(frozen=True, slots=True)
class Source:
    """An object and all of it that a copy has to carry."""

    location: Location
    size: int
    etag: str
    version_id: str | None
    """None also for S3's "null" version, whose bytes may change under that id."""
    headers: Mapping[str, str | datetime]
    """Under the parameter names of CopyObject and CreateMultipartUpload."""
    metadata: Mapping[str, str]
    tag_count: int
    checksum: Checksum | None
    storageclass: str = "STANDARD"
    encryption: Mapping[str, Any] = field(default_factory=dict)
    """Under the parameter names of CopyObject: what its own encryption was asked for by."""
    locked: str = ""
    """What keeps it from being deleted, for a person; empty: nothing that a HEAD shows."""
    archived: bool = False
    """Whether it has to be restored before it can be read."""

    @property
    def pin(self) -> Pin:
        return Pin(self.location, self.size, self.etag, self.version_id)


def head(client: "S3Client", location: Location, version_id: str | None = None) -> Source:
    """Look at the object; `PathNotFoundError` if there is none."""
    with explained(location), translated("HeadObject", source=location):
        answer = client.head_object(
            **location.version(version_id), **key_of(location), ChecksumMode="ENABLED"
        )
    check_sealed(location, answer)
    named = answer.get("VersionId")
    return Source(
        location=location,
        size=required(answer, "ContentLength", "HeadObject", location),
        etag=etag_of(answer, "HeadObject", location),
        version_id=None if named == "null" else named,
        headers=_headers(answer),
        metadata=answer.get("Metadata", {}),
        tag_count=answer.get("TagCount", 0),
        checksum=checksum_of(answer),
        storageclass=answer.get("StorageClass", "STANDARD"),
        encryption=_encryption(answer),
        locked=_lock(answer),
        archived=_is_archived(answer),
    )


def is_absent(client: "S3Client", location: Location) -> bool:
    """Tell whether nothing is there, whatever it was."""
    try:
        head(client, location)
    except PathNotFoundError:
        return True
    return False


def is_gone(client: "S3Client", pin: Pin) -> bool:
    """Tell whether nothing is where the pinned object was; SourceChanged if it is another."""
    try:
        recheck(client, pin)
    except PathNotFoundError:
        return True
    return False


def recheck(client: "S3Client", pin: Pin) -> Source:
    """
    Look at the pinned object again.

    `SourceChanged` if another one is there now, `PathNotFoundError` if it is gone.
    """
    found = head(client, pin.location, pin.version_id)
    if (found.etag, found.size) != (pin.etag, pin.size):
        raise SourceChanged(
            f"its ETag is {found.etag}, pinned was {pin.etag}",
            operation="HeadObject",
            source=str(pin.location),
        )
    return found


def _headers(answer: "HeadObjectOutputTypeDef") -> dict[str, str | datetime]:
    values: dict[str, Any] = {name: answer.get(name) for name in HEADERS}
    # botocore leaves out an Expires it cannot parse; sent raw, it is refused and not lost.
    values["Expires"] = answer.get("Expires") or answer.get("ExpiresString")
    return {name: value for name, value in values.items() if value}


def _encryption(answer: "HeadObjectOutputTypeDef") -> dict[str, Any]:
    wanted = {
        "ServerSideEncryption": answer.get("ServerSideEncryption"),
        "SSEKMSKeyId": answer.get("SSEKMSKeyId"),
        "BucketKeyEnabled": answer.get("BucketKeyEnabled"),
    }
    return {name: value for name, value in wanted.items() if value}


def _lock(answer: "HeadObjectOutputTypeDef") -> str:
    """Tell of a legal hold, or of a retention that goes on; a policy may hide both."""
    if answer.get("ObjectLockLegalHoldStatus") == "ON":
        return "it has a legal hold"
    until = answer.get("ObjectLockRetainUntilDate")
    if until and until > datetime.now(UTC):
        return f"{answer.get('ObjectLockMode', 'its retention')} keeps it until {until.isoformat()}"
    return ""


def _is_archived(answer: "HeadObjectOutputTypeDef") -> bool:
    restored = 'ongoing-request="false"' in answer.get("Restore", "")
    in_archive = answer.get("StorageClass") in ARCHIVES or bool(answer.get("ArchiveStatus"))
    return in_archive and not restored
