"""What a request asks of S3, read from its head alone (path-style addresses)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

SUBRESOURCES = {
    "tagging": "Tagging",
    "acl": "Acl",
    "attributes": "Attributes",
    "retention": "Retention",
    "legal-hold": "LegalHold",
    "versioning": "Versioning",
    "location": "Location",
    "lifecycle": "LifecycleConfiguration",
    "object-lock": "ObjectLockConfiguration",
    "policy": "Policy",
}


@dataclass(frozen=True, slots=True)
class S3Request:
    """One request as the gateway saw it; times are of `time.monotonic`.

    `end` is when the reply began to go out, None before; `status` is what S3 or a rule
    answered, None while there is no answer. Header names are lower-case; no credentials.
    """

    operation: str
    bucket: str
    key: str
    part: int | None
    upload_id: str | None
    headers: Mapping[str, str] = field(repr=False)
    start: float
    end: float | None = None
    status: int | None = None


def parse(method: str, target: str, headers: Mapping[str, str]) -> S3Request:
    url = urlsplit(target)
    bucket, _, key = unquote(url.path.removeprefix("/")).partition("/")
    query = {k: v[0] for k, v in parse_qs(url.query, keep_blank_values=True).items()}
    return S3Request(
        operation=_operation(method, bucket, key, query, headers),
        bucket=bucket,
        key=key,
        part=int(query["partNumber"]) if "partNumber" in query else None,
        upload_id=query.get("uploadId"),
        headers={k: v for k, v in headers.items() if k != "authorization"},
        start=time.monotonic(),
    )


def _operation(
    method: str, bucket: str, key: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """Name the operation as boto3's API reference does."""
    for name, noun in SUBRESOURCES.items():
        if name in query:
            return method.capitalize() + ("Object" if key else "Bucket") + noun
    if not bucket:
        return "ListBuckets"
    return _of_object(method, query, headers) if key else _of_bucket(method, query)


def _of_object(method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    copies = "x-amz-copy-source" in headers
    if method == "PUT" and "partNumber" in query:
        return "UploadPartCopy" if copies else "UploadPart"
    if method == "PUT" and copies:
        return "CopyObject"
    if method == "POST":
        return "CreateMultipartUpload" if "uploads" in query else "CompleteMultipartUpload"
    if "uploadId" in query:
        return "AbortMultipartUpload" if method == "DELETE" else "ListParts"
    return f"{method.capitalize()}Object"


def _of_bucket(method: str, query: Mapping[str, str]) -> str:
    if method == "POST":
        return "DeleteObjects"
    if method != "GET":
        return {"PUT": "Create"}.get(method, method.capitalize()) + "Bucket"
    if "uploads" in query:
        return "ListMultipartUploads"
    if "versions" in query:
        return "ListObjectVersions"
    return "ListObjectsV2" if "list-type" in query else "ListObjects"
