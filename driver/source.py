"""The object to move, as a HEAD shows it, and the pin that identifies it from then on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from driver.answers import etag_of, required
from driver.checksums import Checksum, checksum_of
from driver.errors import SourceChanged
from driver.locations import Location, VersionAddress
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import HeadObjectOutputTypeDef

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

    @property
    def pin(self) -> Pin:
        return Pin(self.location, self.size, self.etag, self.version_id)


def head(client: "S3Client", location: Location, version_id: str | None = None) -> Source:
    """Look at the object; `PathNotFoundError` if there is none."""
    with translated("HeadObject", source=location):
        answer = client.head_object(**location.version(version_id), ChecksumMode="ENABLED")
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
    )


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
