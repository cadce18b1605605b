"""What an object has besides its bytes, from the headers of the request that makes it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from bench.model.store import S3Object

CONTENT = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
)
POLICY = (
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
)
"""Never taken from a copy's source (S3 API, CopyObject, 2026-11)."""


def attributes(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what a new object answers to a HEAD besides size, date and ETag."""
    own = {name: headers[name] for name in CONTENT if name in headers}
    metadata = {n: value for n, value in headers.items() if n.startswith("x-amz-meta-")}
    return {"content-type": "binary/octet-stream"} | own | metadata | policy(headers)


def policy(headers: Mapping[str, str]) -> dict[str, str]:
    wanted = {name: headers[name] for name in POLICY if name in headers}
    if wanted.get("x-amz-storage-class") == "STANDARD":  # S3 reports every class but this one
        del wanted["x-amz-storage-class"]
    return wanted


def tags(headers: Mapping[str, str]) -> dict[str, str]:
    return dict(parse_qsl(headers.get("x-amz-tagging", ""), keep_blank_values=True))


def copied_attributes(source: S3Object, headers: Mapping[str, str]) -> dict[str, str]:
    """Return a copy's headers: the source's, or the request's with directive REPLACE."""
    if headers.get("x-amz-metadata-directive") == "REPLACE":
        return attributes(headers)
    kept = {name: value for name, value in source.headers.items() if name not in POLICY}
    return kept | policy(headers)


def copied_tags(source: S3Object, headers: Mapping[str, str]) -> Mapping[str, str]:
    return tags(headers) if headers.get("x-amz-tagging-directive") == "REPLACE" else source.tags
