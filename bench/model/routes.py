"""Which operation of S3 a request asks for."""

from collections.abc import Callable, Mapping

from bench.model import buckets, copies, listings, objects, uploads
from bench.model.copies import Copy
from bench.model.errors import S3Error
from bench.model.request import Request
from bench.model.store import Store

Handler = Callable[[Store, Request], bytes | Copy]

ORDINARY = frozenset(
    (
        "continuation-token",
        "delimiter",
        "encoding-type",
        "fetch-owner",
        "key-marker",
        "max-keys",
        "max-parts",
        "max-uploads",
        "part-number-marker",
        "prefix",
        "start-after",
        "upload-id-marker",
        "x-id",  # some SDKs name the operation besides (2026-11)
    )
)
"""The query parameters that do not make another operation of a request."""

_BUCKET: Mapping[tuple[str, frozenset[str]], tuple[str, Handler]] = {
    ("PUT", frozenset()): ("CreateBucket", buckets.create_bucket),
    ("HEAD", frozenset()): ("HeadBucket", buckets.head_bucket),
    ("GET", frozenset({"list-type"})): ("ListObjectsV2", listings.list_objects),
    ("GET", frozenset({"versioning"})): ("GetBucketVersioning", buckets.get_versioning),
    ("GET", frozenset({"uploads"})): ("ListMultipartUploads", listings.list_uploads),
    ("POST", frozenset({"delete"})): ("DeleteObjects", objects.delete_objects),
}
_KEY: Mapping[tuple[str, frozenset[str]], tuple[str, Handler]] = {
    ("HEAD", frozenset()): ("HeadObject", objects.head_object),
    ("HEAD", frozenset({"partNumber"})): ("HeadObject", objects.head_object),
    ("GET", frozenset()): ("GetObject", objects.get_object),
    ("GET", frozenset({"tagging"})): ("GetObjectTagging", objects.get_object_tagging),
    ("GET", frozenset({"uploadId"})): ("ListParts", listings.list_parts),
    ("PUT", frozenset()): ("PutObject", objects.put_object),
    ("DELETE", frozenset()): ("DeleteObject", objects.delete_object),
    ("DELETE", frozenset({"uploadId"})): ("AbortMultipartUpload", uploads.abort_upload),
    ("POST", frozenset({"uploads"})): ("CreateMultipartUpload", uploads.create_upload),
    ("POST", frozenset({"uploadId"})): ("CompleteMultipartUpload", uploads.complete_upload),
}
_COPY: Mapping[frozenset[str], tuple[str, Handler]] = {
    frozenset(): ("CopyObject", copies.copy_object),
    frozenset({"partNumber", "uploadId"}): ("UploadPartCopy", copies.upload_part_copy),
}


def route(request: Request) -> tuple[str, Handler]:
    """Return the operation's name and its function; one of them refuses all others."""
    asked = frozenset(request.query.keys() - ORDINARY)
    known: tuple[str, Handler] | None
    if not request.key:
        known = _BUCKET.get((request.method, asked))
    elif "x-amz-copy-source" in request.headers:
        known = _COPY.get(asked) if request.method == "PUT" else None
    else:
        known = _KEY.get((request.method, asked))
    return known or ("NotImplemented", _refuse)


def _refuse(_store: Store, _request: Request) -> bytes:
    raise S3Error("NotImplemented")
