"""What the modelled S3 holds: sizes and names, and the bytes of small objects only."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from bench.model.errors import S3Error
from bench.model.keys import Keys
from bench.model.request import Request


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object; `etag` stands for its content."""

    size: int
    etag: str
    headers: Mapping[str, str]
    """As a HEAD answers them, `x-amz-meta-*` among them."""
    tags: Mapping[str, str]
    modified: int
    """Seconds since the epoch."""
    parts: tuple[int, ...] = ()
    """The sizes of the parts it was completed from."""
    body: bytes | None = None
    """None if the model keeps only the size."""


@dataclass(frozen=True, slots=True)
class Part:
    size: int
    etag: str
    modified: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A multipart upload, with what its object will have besides parts."""

    id: str
    bucket: str
    key: str
    headers: Mapping[str, str]
    tags: Mapping[str, str]
    initiated: int
    parts: dict[int, Part] = field(default_factory=dict)


class Store:
    """Buckets with their objects, and unfinished uploads by id."""

    def __init__(self) -> None:
        self._buckets: dict[str, Keys[S3Object]] = {}
        self.uploads: dict[str, Upload] = {}
        self._serials = count()

    def create(self, bucket: str) -> None:
        self._buckets.setdefault(bucket, Keys())

    def objects(self, bucket: str) -> Keys[S3Object]:
        try:
            return self._buckets[bucket]
        except KeyError:
            raise S3Error("NoSuchBucket") from None

    def find(self, bucket: str, key: str) -> S3Object:
        try:
            return self.objects(bucket)[key]
        except KeyError:
            raise S3Error("NoSuchKey") from None

    def upload(self, request: Request) -> Upload:
        """Return the upload that a request names."""
        upload = self.uploads.get(request.query["uploadId"])
        if upload is None or (upload.bucket, upload.key) != (request.bucket, request.key):
            raise S3Error("NoSuchUpload")
        return upload

    def new_id(self) -> str:
        """Return an upload id that none had before and that sorts after all of them."""
        return f"{next(self._serials):08x}{secrets.token_hex(12)}"


def digest(*identity: object) -> str:
    """Return an ETag for content that exists only by its description."""
    return hashlib.md5(repr(identity).encode(), usedforsecurity=False).hexdigest()
