"""Requests on one object, and DeleteObjects; all take effect when they arrive."""

import re
import time
from hashlib import md5
from html import unescape
from xml.sax.saxutils import escape

from bench.model.answers import answer, document, etag_field, http_date
from bench.model.attributes import attributes, tags
from bench.model.conditions import check_read, check_write
from bench.model.errors import S3Error
from bench.model.keys import Keys
from bench.model.request import Request
from bench.model.store import S3Object, Store, digest

KEPT_BYTES = 1024**2
"""The largest body the model keeps; of larger ones it keeps size and ETag."""

ENTRY = re.compile(r"<Object>(.*?)</Object>", re.DOTALL)
FIELD = re.compile(r"<(\w+)>(.*?)</\1>", re.DOTALL)


def put_object(store: Store, request: Request) -> bytes:
    """Write an object; the header `x-model-size` gives it a size and no bytes are sent."""
    objects = store.objects(request.bucket)
    check_write(objects.get(request.key), request.headers)
    if "x-amz-decoded-content-length" in request.headers:
        raise S3Error("NotImplemented", "the model does not read aws-chunked bodies")
    modelled = request.headers.get("x-model-size")
    if modelled is None:
        size, body = request.length, request.body
        etag = md5(body, usedforsecurity=False).hexdigest()
    else:
        size, body = int(modelled), None
        etag = digest(store.new_id(), size)
    objects[request.key] = S3Object(
        size=size,
        etag=etag,
        headers=attributes(request.headers),
        tags=tags(request.headers),
        modified=int(time.time()),
        body=body if size <= KEPT_BYTES else None,
    )
    return answer(200, fields=etag_field(etag))


def head_object(store: Store, request: Request) -> bytes:
    found = store.find(request.bucket, request.key)
    check_read(found, request.headers)
    if "partNumber" in request.query:
        return _head_part(found, request.integer("partNumber", 1))
    return answer(200, fields=_fields(found), length=found.size)


def get_object(store: Store, request: Request) -> bytes:
    found = store.find(request.bucket, request.key)
    check_read(found, request.headers)
    if found.body is None or "range" in request.headers:
        raise S3Error("NotImplemented", "the model answers whole objects of up to 1 MiB only")
    return answer(200, found.body, fields=_fields(found))


def get_object_tagging(store: Store, request: Request) -> bytes:
    found = store.find(request.bucket, request.key)
    pairs = "".join(
        f"<Tag><Key>{escape(key)}</Key><Value>{escape(value)}</Value></Tag>"
        for key, value in found.tags.items()
    )
    return document("Tagging", f"<TagSet>{pairs}</TagSet>")


def delete_object(store: Store, request: Request) -> bytes:
    objects = store.objects(request.bucket)
    check_write(objects.get(request.key), request.headers)
    objects.remove(request.key)
    return answer(204)


def delete_objects(store: Store, request: Request) -> bytes:
    objects = store.objects(request.bucket)
    text = request.body.decode()
    if "<VersionId>" in text:
        raise S3Error("NotImplemented", "the model keeps no versions")
    is_quiet = "<Quiet>true</Quiet>" in text
    results = [_delete(objects, entry) for entry in ENTRY.findall(text)]
    shown = (r for r in results if not (is_quiet and r.startswith("<Deleted>")))
    return document("DeleteResult", "".join(shown))


def _delete(objects: Keys[S3Object], entry: str) -> str:
    named = {name: unescape(value) for name, value in FIELD.findall(entry)}
    key = named["Key"]
    try:
        check_write(objects.get(key), {"if-match": named["ETag"]} if "ETag" in named else {})
    except S3Error as error:
        reason = f"<Code>{error.code}</Code><Message>{error.message}</Message>"
        return f"<Error><Key>{escape(key)}</Key>{reason}</Error>"
    objects.remove(key)
    return f"<Deleted><Key>{escape(key)}</Key></Deleted>"


def _head_part(found: S3Object, number: int) -> bytes:
    sizes = found.parts or (found.size,)
    if not 1 <= number <= len(sizes):
        raise S3Error("InvalidArgument", "the object has no such part")
    count = f"x-amz-mp-parts-count: {len(sizes)}\r\n" if found.parts else ""
    return answer(206, fields=_fields(found) + count, length=sizes[number - 1])


def _fields(found: S3Object) -> str:
    own = "".join(f"{name}: {value}\r\n" for name, value in found.headers.items())
    tagged = f"x-amz-tagging-count: {len(found.tags)}\r\n" if found.tags else ""
    modified = f"Last-Modified: {http_date(found.modified)}\r\n"
    return f"{modified}{etag_field(found.etag)}Accept-Ranges: bytes\r\n{own}{tagged}"
