"""Where an object is."""

import re
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict


class Address(TypedDict):
    """How S3's requests name a key."""

    Bucket: str
    Key: str


class VersionAddress(Address):
    """How S3's requests name an object to read; as a `CopySource` botocore encodes the key."""

    VersionId: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Location:
    """One key of one bucket."""

    bucket: str
    key: str
    customer_key: str = field(default="", compare=False)
    """The name of the customer's key (SSE-C) for the object there; empty: it has none."""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def address(self) -> Address:
        return {"Bucket": self.bucket, "Key": self.key}

    def version(self, version_id: str | None) -> VersionAddress:
        """Name that version, or with None the current one."""
        if version_id:
            return {"Bucket": self.bucket, "Key": self.key, "VersionId": version_id}
        return {"Bucket": self.bucket, "Key": self.key}


def may_be_one_object(one: Location, other: Location) -> bool:
    """
    Tell whether two keys may name one object, on stores that keep keys as file paths.

    SeaweedFS takes `a//x`, `/a/x` and `a/x` for the same (4.48, 2026-11); Amazon S3 does not.
    """
    return one.bucket == other.bucket and _path(one.key) == _path(other.key)


def collapsed(prefix: str) -> str:
    """Return what a prefix of keys is for a store that keeps them as file paths."""
    return re.sub("/+", "/", prefix).lstrip("/")


def _path(key: str) -> str:
    return collapsed(key).rstrip("/")
