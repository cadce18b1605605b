"""How a request names an object: an S3 URI, or a path of the storage driver."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

BUCKET = "[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]"
_S3_URI = re.compile(rf"s3://(?P<bucket>{BUCKET})/(?P<key>.+)", re.DOTALL)

# The registry's rule for the paths of its storage drivers.
_DRIVER_PATH = re.compile("(/[A-Za-z0-9._-]+)+")

# Both, in the dialect of JSON Schema: no named groups, and `$` is spelled out for Python's sake.
_PATTERN = rf"^(s3://{BUCKET}/[\s\S]+|{_DRIVER_PATH.pattern})(?![\s\S])"

# Amazon S3 user guide, "Naming objects", read 2026-11: a key is 1,024 bytes of UTF-8 at most.
MAX_KEY_BYTES = 1024


def parse_uri(location: str) -> tuple[str, str] | None:
    """Split `s3://bucket/key`; None when it is not an S3 URI."""
    match = _S3_URI.fullmatch(location)
    return (match["bucket"], match["key"]) if match else None


def parse_prefix(prefix: str) -> tuple[str, str] | None:
    """Split `s3://bucket/folder/`; None when it is a driver path."""
    if not prefix.startswith("s3://"):
        return None
    bucket, _, key = prefix.removeprefix("s3://").partition("/")
    return bucket, key


def check_location(location: str) -> str:
    """Return the location as given, or raise ValueError that says what is wrong with it."""
    if location.startswith("/"):
        if not _DRIVER_PATH.fullmatch(location):
            msg = "a driver path is made of /names of letters, digits and . _ -"
            raise ValueError(msg)
        return location
    return check_uri(location, "s3://bucket/key or a driver path such as /a/b")


def check_uri(location: str, expected: str = "s3://bucket/key") -> str:
    """Return the S3 URI as given, or raise ValueError that says what is wrong with it."""
    parsed = parse_uri(location)
    if parsed is None:
        msg = f"expected {expected}"
        if location.startswith("s3://"):
            msg = "expected s3://bucket/key: 3 to 63 of a-z 0-9 . _ - and then a key"
        raise ValueError(msg)
    if len(_utf8(parsed[1])) > MAX_KEY_BYTES:
        msg = f"the key is longer than S3's {MAX_KEY_BYTES} bytes"
        raise ValueError(msg)
    return location


def _utf8(key: str) -> bytes:
    try:
        return key.encode()
    except UnicodeEncodeError:
        msg = "the key is not valid Unicode"
        raise ValueError(msg) from None


Location = Annotated[
    str,
    StringConstraints(max_length=2048),
    AfterValidator(check_location),
    Field(json_schema_extra={"pattern": _PATTERN}),
]
