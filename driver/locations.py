"""Where an object is."""

from dataclasses import dataclass
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
