"""A multipart upload: one function a request, the undo beside the do."""

import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict
from zlib import crc32

from config import S3Settings
from driver.answers import etag_of, quoted, required
from driver.attributes import CONTENT_TYPE, carried
from driver.attributes import policy as wanted
from driver.checksums import Checksum
from driver.conditions import UNCONDITIONAL, Condition
from driver.customer_keys import key_of, key_of_source
from driver.errors import NoSuchUpload, Transient
from driver.locations import Address, Location
from driver.parts import Part, part_range
from driver.source import Pin, Source
from driver.tagging import Tags
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

ABORT_PAUSES = (0.0, 0.2, 1.0, 3.0)
"""Seconds before each try: a part in flight may still land behind an abort (S3 API, 2026-11)."""


class UploadAddress(Address):
    """How S3's requests name an upload."""

    UploadId: str


class PartChecksum(TypedDict, total=False):
    """How a request tells the checksum of a part."""

    ChecksumCRC32: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A multipart upload that was created and neither completed nor aborted."""

    destination: Location
    id: str
    repeated: bool = field(default=False, compare=False)
    """Whether its creation was asked for more than once: the store may hold another one."""

    @property
    def address(self) -> UploadAddress:
        return {**self.destination.address, "UploadId": self.id}


@dataclass(frozen=True, slots=True)
class FoundUpload:
    """An upload as the store lists it."""

    upload: Upload
    initiated: datetime


def create(
    client: "S3Client",
    policy: Mapping[str, Any],
    source: Source,
    destination: Location,
    tags: Tags = (),
) -> Upload:
    """
    Create the upload, with all that a copy of `source` has to carry.

    More `tags` than a header holds are left out: `put_tags` gives them to the object. A repeat
    creates another upload, that of a lost answer too: see `Upload.repeated`. Whoever creates an
    upload completes or aborts it: nothing else removes it.
    """
    attributes = {**policy, **carried(source, tags)}
    with translated("CreateMultipartUpload", source=source.location, target=destination):
        return _created(client, destination, attributes)


def create_empty(client: "S3Client", settings: S3Settings, destination: Location) -> Upload:
    """Create the upload of new content; whoever creates it completes or aborts it."""
    attributes = wanted(settings) | {"ContentType": CONTENT_TYPE}
    with translated("CreateMultipartUpload", target=destination):
        return _created(client, destination, attributes)


def _created(client: "S3Client", destination: Location, attributes: Mapping[str, Any]) -> Upload:
    answer = client.create_multipart_upload(
        **destination.address, **key_of(destination), **attributes
    )
    upload_id = required(answer, "UploadId", "CreateMultipartUpload", destination)
    return Upload(destination, upload_id, answer["ResponseMetadata"]["RetryAttempts"] > 0)


def abort(client: "S3Client", upload: Upload) -> None:
    """
    Remove the upload and its parts; safe to repeat, and one that is gone is success.

    Raises `Transient` when parts keep landing: stop their copies, then abort again.
    """
    for pause in ABORT_PAUSES:
        time.sleep(pause)
        if _is_aborted(client, upload):
            return
    raise Transient(
        f"upload {upload.id} still has parts; abort it again when no copy of a part runs",
        operation="AbortMultipartUpload",
        target=str(upload.destination),
    )


def _is_aborted(client: "S3Client", upload: Upload) -> bool:
    try:
        with translated("AbortMultipartUpload", target=upload.destination):
            client.abort_multipart_upload(**upload.address)
        return not list_parts(client, upload)
    except NoSuchUpload:
        return True


def copy_part(client: "S3Client", upload: Upload, pin: Pin, number: int, part_size: int) -> str:
    """
    Copy part `number`, counted from 1, and return its ETag.

    Safe to repeat: the same number is written again. Raises `SourceChanged` when the source
    is another object now, `NotImplementedByStore` where part copies do not exist.
    """
    destination = upload.destination
    with translated("UploadPartCopy", source=pin.location, target=destination):
        answer = client.upload_part_copy(
            **upload.address,
            **key_of(destination),
            PartNumber=number,
            CopySource=pin.address,
            **key_of_source(pin.location),
            CopySourceIfMatch=quoted(pin.etag),
            # Always: Ceph took a part copy without a range for a whole one (ceph #20002).
            CopySourceRange=part_range(pin.size, part_size, number),
        )
    return etag_of(answer.get("CopyPartResult", {}), "UploadPartCopy", destination)


def upload_part(client: "S3Client", upload: Upload, number: int, content: bytearray) -> Part:
    """Upload part `number`, counted from 1; safe to repeat: the same number is written again."""
    with translated("UploadPart", target=upload.destination):
        answer = client.upload_part(
            **upload.address,
            PartNumber=number,
            Body=content,  # type: ignore[arg-type]  # a bytearray is a blob too (botocore 1.44)
            **_checksum(client, content),
        )
    return Part(number, etag_of(answer, "UploadPart", upload.destination), len(content))


def _checksum(client: "S3Client", content: bytearray) -> PartChecksum:
    """Return the checksum that botocore would add behind the part, of which it makes a copy."""
    wanted = client.meta.config.request_checksum_calculation  # type: ignore[attr-defined]  # the stubs lack it
    if wanted != "when_supported":
        return {}
    return {"ChecksumCRC32": b64encode(crc32(content).to_bytes(4, "big")).decode()}


def list_parts(client: "S3Client", upload: Upload) -> dict[int, Part]:
    """Return the parts the store holds, by number; `NoSuchUpload` if the upload is gone."""
    destination = upload.destination
    with translated("ListParts", target=destination):
        pages = client.get_paginator("list_parts").paginate(**upload.address, **key_of(destination))
        return {
            part["PartNumber"]: Part(
                part["PartNumber"], etag_of(part, "ListParts", destination), part["Size"]
            )
            for page in pages
            for part in page.get("Parts", [])
        }


def last_written(client: "S3Client", upload: Upload) -> datetime | None:
    """Return when the last of its parts was written; `NoSuchUpload` if the upload is gone."""
    with translated("ListParts", target=upload.destination):
        pages = client.get_paginator("list_parts").paginate(
            **upload.address, **key_of(upload.destination)
        )
        written = [part["LastModified"] for page in pages for part in page.get("Parts", [])]
    return max(written, default=None)


def complete(
    client: "S3Client",
    upload: Upload,
    parts: Mapping[int, Part],
    size: int,
    *,
    checksum: Checksum | None = None,
    condition: Condition = UNCONDITIONAL,
) -> str:
    """
    Make the object of `size` bytes from all `parts` and return its ETag.

    The store refuses another size, bytes of another full-object `checksum`, and, with
    `DestinationChanged`, a destination that does not meet the `condition`. Repeated after a lost
    answer it may raise `NoSuchUpload` although the object is there.
    """
    destination = upload.destination
    in_order: list[CompletedPartTypeDef] = [
        {"PartNumber": number, "ETag": quoted(parts[number].etag)} for number in sorted(parts)
    ]
    with translated("CompleteMultipartUpload", target=destination):
        answer = client.complete_multipart_upload(
            **upload.address,
            **key_of(destination),
            MpuObjectSize=size,
            MultipartUpload={"Parts": in_order},
            **_sum(checksum),
            **condition,
        )
    return etag_of(answer, "CompleteMultipartUpload", destination)


def _sum(checksum: Checksum | None) -> dict[str, Any]:
    if not checksum or not checksum.survives_parts:
        return {}
    return {f"Checksum{checksum.algorithm}": checksum.value, "ChecksumType": checksum.type}


def list_uploads(client: "S3Client", location: Location) -> list[FoundUpload]:
    """Return the unfinished uploads of exactly this key, in the store's order."""
    with translated("ListMultipartUploads", target=location):
        pages = client.get_paginator("list_multipart_uploads").paginate(
            Bucket=location.bucket, Prefix=location.key
        )
        return [
            FoundUpload(Upload(location, found["UploadId"]), found["Initiated"])
            for page in pages
            for found in page.get("Uploads", [])
            if found["Key"] == location.key
        ]
