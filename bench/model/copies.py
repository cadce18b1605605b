"""The copies: checked when they arrive, done when their bytes would be there."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from bench.model.answers import document, etag_element, xml_date
from bench.model.attributes import copied_attributes, copied_tags
from bench.model.conditions import check_source, check_write
from bench.model.errors import S3Error
from bench.model.request import Request
from bench.model.store import Part, S3Object, Store, digest

MAX_COPY_SIZE = 5 * 1024**3
MIN_RANGED_SIZE = 5 * 1024**2
MAX_PART_NUMBER = 10_000
RANGE = re.compile(r"bytes=(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was accepted; `land` does it and answers, or raises S3Error."""

    size: int
    upload_id: str | None
    land: Callable[[], bytes]


def copy_object(store: Store, request: Request) -> Copy:
    source = _source(store, request)
    if source.size > MAX_COPY_SIZE:
        raise S3Error("InvalidRequest", f"The copy source is larger than {MAX_COPY_SIZE}")
    if _changes_nothing(request):
        text = "This copy request is illegal because it is trying to copy an object to itself"
        raise S3Error("InvalidRequest", text)
    check_write(store.objects(request.bucket).get(request.key), request.headers)
    return Copy(source.size, None, partial(_land_object, store, request, source))


def upload_part_copy(store: Store, request: Request) -> Copy:
    upload = store.upload(request)
    if not 1 <= request.integer("partNumber", 0) <= MAX_PART_NUMBER:
        raise S3Error("InvalidArgument", "Part number must be between 1 and 10000, inclusive")
    source = _source(store, request)
    first, last = _range(source, request.headers.get("x-amz-copy-source-range"))
    size = last - first + 1
    if size > MAX_COPY_SIZE:
        raise S3Error("EntityTooLarge")
    etag = digest(source.etag, first, last)
    return Copy(size, upload.id, partial(_land_part, store, request, size, etag))


def _land_object(store: Store, request: Request, source: S3Object) -> bytes:
    """Write the source as it was when the copy began."""
    objects = store.objects(request.bucket)
    check_write(objects.get(request.key), request.headers)
    objects[request.key] = copy = S3Object(
        size=source.size,
        # S3 makes one part of it: a composite ETag does not survive a CopyObject.
        etag=digest(source.etag) if source.parts else source.etag,
        headers=copied_attributes(source, request.headers),
        tags=copied_tags(source, request.headers),
        modified=int(time.time()),
        body=source.body,
    )
    return _result("CopyObjectResult", copy.etag, copy.modified)


def _land_part(store: Store, request: Request, size: int, etag: str) -> bytes:
    """Add the part; NoSuchUpload if the upload ended while the copy ran."""
    part = Part(size, etag, int(time.time()))
    store.upload(request).parts[int(request.query["partNumber"])] = part
    return _result("CopyPartResult", etag, part.modified)


def _result(root: str, etag: str, modified: int) -> bytes:
    return document(root, f"<LastModified>{xml_date(modified)}</LastModified>{etag_element(etag)}")


def _source(store: Store, request: Request) -> S3Object:
    path, _, version = request.headers["x-amz-copy-source"].partition("?versionId=")
    if version not in {"", "null"}:
        raise S3Error("NoSuchVersion")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    found = store.find(bucket, key)
    check_source(found, request.headers)
    return found


def _range(source: S3Object, wanted: str | None) -> tuple[int, int]:
    """Return the first and the last byte to copy."""
    if wanted is None:
        return 0, source.size - 1
    match = RANGE.fullmatch(wanted)
    if match is None:
        raise S3Error("InvalidArgument", "The range must be of the form bytes=first-last")
    first, last = int(match[1]), int(match[2])
    if not first <= last < source.size:
        text = f"Range specified is not valid for source object of size: {source.size}"
        raise S3Error("InvalidArgument", text)
    if source.size <= MIN_RANGED_SIZE:  # S3 API, UploadPartCopy, 2026-11
        raise S3Error("InvalidRequest", "A range needs a source of more than 5 MiB")
    return first, last


def _changes_nothing(request: Request) -> bool:
    headers = request.headers
    source = unquote(headers["x-amz-copy-source"]).removeprefix("/")
    if source != f"{request.bucket}/{request.key}":
        return False
    changes = ("x-amz-storage-class", "x-amz-server-side-encryption")
    replaces = headers.get("x-amz-metadata-directive") == "REPLACE"
    return not replaces and not any(name in headers for name in changes)
