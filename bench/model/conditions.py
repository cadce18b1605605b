"""The preconditions of requests: by ETag, never by date."""

from collections.abc import Mapping

from bench.model.errors import S3Error
from bench.model.store import S3Object

BY_DATE = frozenset(
    (
        "if-modified-since",
        "if-unmodified-since",
        "x-amz-copy-source-if-modified-since",
        "x-amz-copy-source-if-unmodified-since",
    )
)


def check_read(found: S3Object, headers: Mapping[str, str]) -> None:
    refuse_unknown(headers)
    if not _matches(headers.get("if-match", "*"), found):
        raise S3Error("PreconditionFailed")
    if _matches(headers.get("if-none-match", ""), found):
        raise S3Error("NotModified")


def check_source(found: S3Object, headers: Mapping[str, str]) -> None:
    refuse_unknown(headers)
    if not _matches(headers.get("x-amz-copy-source-if-match", "*"), found):
        raise S3Error("PreconditionFailed")
    none = headers.get("x-amz-copy-source-if-none-match")
    if none is not None and _matches(none, found):
        raise S3Error("PreconditionFailed")


def check_write(found: S3Object | None, headers: Mapping[str, str]) -> None:
    """Check what a write or delete demands of the object there is, or is not."""
    if "if-match" in headers:
        if found is None:
            raise S3Error("NoSuchKey")
        if not _matches(headers["if-match"], found):
            raise S3Error("PreconditionFailed")
    if found is not None and _matches(headers.get("if-none-match", ""), found):
        raise S3Error("PreconditionFailed")


def refuse_unknown(headers: Mapping[str, str]) -> None:
    """Refuse a condition that the model would have to ignore."""
    for name in BY_DATE & headers.keys():
        raise S3Error("NotImplemented", f"the model does not check {name}")


def _matches(condition: str, found: S3Object) -> bool:
    return condition == "*" or condition.strip('"') == found.etag
