"""The life of a multipart upload, parts aside."""

import re
import time
from hashlib import md5
from html import unescape
from itertools import pairwise
from xml.sax.saxutils import escape

from bench.model.answers import answer, document, etag_element
from bench.model.attributes import attributes, tags
from bench.model.conditions import check_write
from bench.model.errors import S3Error
from bench.model.request import Request
from bench.model.store import Part, S3Object, Store, Upload

MIN_PART_SIZE = 5 * 1024**2


def create_upload(store: Store, request: Request) -> bytes:
    store.objects(request.bucket)
    upload = Upload(
        store.new_id(),
        request.bucket,
        request.key,
        attributes(request.headers),
        tags(request.headers),
        int(time.time()),
    )
    store.uploads[upload.id] = upload
    return document("InitiateMultipartUploadResult", f"{_address(upload)}{_id(upload)}")


def abort_upload(store: Store, request: Request) -> bytes:
    del store.uploads[store.upload(request).id]
    return answer(204)


def complete_upload(store: Store, request: Request) -> bytes:
    """Make the object; a repeat answers NoSuchUpload."""
    upload = store.upload(request)
    parts = _chosen(upload, _named(request.body.decode()))
    size = sum(part.size for part in parts)
    if int(request.headers.get("x-amz-mp-object-size", size)) != size:
        text = "The provided x-amz-mp-object-size does not match the size of the parts"
        raise S3Error("InvalidRequest", text)
    objects = store.objects(request.bucket)
    check_write(objects.get(request.key), request.headers)
    etag = _composite([part.etag for part in parts])
    objects[request.key] = S3Object(
        size=size,
        etag=etag,
        headers=upload.headers,
        tags=upload.tags,
        modified=int(time.time()),
        parts=tuple(part.size for part in parts),
    )
    del store.uploads[upload.id]
    return document("CompleteMultipartUploadResult", f"{_address(upload)}{etag_element(etag)}")


def _named(text: str) -> list[tuple[int, str]]:
    """Return number and ETag of each part in the request, in its order."""
    numbers = re.findall(r"<PartNumber>(\d+)</PartNumber>", text)
    etags = re.findall(r"<ETag>(.*?)</ETag>", text)
    if not numbers or len(numbers) != len(etags):
        raise S3Error("MalformedXML")
    return [(int(n), unescape(e).strip('"')) for n, e in zip(numbers, etags, strict=True)]


def _chosen(upload: Upload, named: list[tuple[int, str]]) -> list[Part]:
    if any(second <= first for (first, _), (second, _) in pairwise(named)):
        raise S3Error("InvalidPartOrder")
    parts = [upload.parts.get(number) for number, _ in named]
    found = [
        part
        for part, (_, etag) in zip(parts, named, strict=True)
        if part is not None and part.etag == etag
    ]
    if len(found) < len(named):
        raise S3Error("InvalidPart")
    if any(part.size < MIN_PART_SIZE for part in found[:-1]):
        raise S3Error("EntityTooSmall")
    return found


def _composite(etags: list[str]) -> str:
    joined = bytes.fromhex("".join(etags))
    return f"{md5(joined, usedforsecurity=False).hexdigest()}-{len(etags)}"


def _address(upload: Upload) -> str:
    return f"<Bucket>{upload.bucket}</Bucket><Key>{escape(upload.key)}</Key>"


def _id(upload: Upload) -> str:
    return f"<UploadId>{upload.id}</UploadId>"
