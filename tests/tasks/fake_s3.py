"""
A small S3 in memory, at the level of the boto3 methods that `driver` calls.

Honours the conditions of copies, reads, writes and deletes. Every request stops at `point`
first, which says what goes wrong with it, and may raise.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.tasks import fake_objects
from tests.tasks.fake_objects import Content, OpenUpload, Thing, cut, digest, spoilt, thing

Answer = dict[str, Any]
Fault = Literal["", "unavailable", "denied", "unimplemented", "lost", "repeated", "spoilt"]
"""Nothing, refused before the effect, its answers lost, asked twice by botocore, wrong bytes."""

STATUS = {
    "SlowDown": 503,
    "AccessDenied": 403,
    "NotImplemented": 501,
    "404": 404,
    "NoSuchKey": 404,
    "NoSuchUpload": 404,
    "PreconditionFailed": 412,
    "InvalidPart": 400,
    "InvalidRequest": 400,
}
REFUSED = {"unavailable": "SlowDown", "denied": "AccessDenied", "unimplemented": "NotImplemented"}
RANGE = re.compile(r"bytes=(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a request has changed; None where there is no object."""

    kind: Literal["write", "delete", "create", "abort"]
    key: str
    before: Thing | None = None
    after: Thing | None = None
    upload: OpenUpload | None = None


class FakeS3:
    """One bucket without versions."""

    def __init__(
        self,
        point: Callable[[str, str], Fault],
        notice: Callable[[Effect], None],
        clock: Callable[[], datetime],
    ) -> None:
        self.objects: dict[str, Thing] = {}
        self.uploads: dict[str, OpenUpload] = {}
        self.created = 0
        self._point, self._notice, self._clock = point, notice, clock
        self._spoils = False

    def head_object(self, **ask: Any) -> Answer:
        return self._answer("HeadObject", ask, lambda: self._head(ask))

    def get_object(self, **ask: Any) -> Answer:
        return self._answer("GetObject", ask, lambda: self._get(ask))

    def copy_object(self, **ask: Any) -> Answer:
        return self._answer("CopyObject", ask, lambda: self._copy(ask))

    def delete_object(self, **ask: Any) -> Answer:
        return self._answer("DeleteObject", ask, lambda: self._delete(ask))

    def create_multipart_upload(self, **ask: Any) -> Answer:
        return self._answer("CreateMultipartUpload", ask, lambda: self._create(ask))

    def upload_part_copy(self, **ask: Any) -> Answer:
        return self._answer("UploadPartCopy", ask, lambda: self._copy_part(ask))

    def complete_multipart_upload(self, **ask: Any) -> Answer:
        return self._answer("CompleteMultipartUpload", ask, lambda: self._complete(ask))

    def abort_multipart_upload(self, **ask: Any) -> Answer:
        return self._answer("AbortMultipartUpload", ask, lambda: self._abort(ask))

    def get_paginator(self, operation: str) -> "_Pages":
        return _Pages(self, operation)

    def list_parts(self, **ask: Any) -> Answer:
        return self._answer("ListParts", ask, lambda: self._list_parts(ask))

    def list_multipart_uploads(self, **ask: Any) -> Answer:
        return self._answer("ListMultipartUploads", ask, lambda: self._list_uploads(ask))

    def _answer(self, operation: str, ask: Answer, act: Callable[[], Answer]) -> Answer:
        fault = self._point(operation, ask.get("Key", ask.get("Prefix", "")))
        if fault in REFUSED and (fault != "unimplemented" or operation == "UploadPartCopy"):
            raise _error(REFUSED[fault], operation)
        if fault in {"lost", "repeated"}:
            with suppress(ClientError):
                act()
        if fault == "lost":
            raise ReadTimeoutError(endpoint_url="fake")
        self._spoils = fault == "spoilt"
        retries = int(fault == "repeated")
        return act() | {"ResponseMetadata": {"HTTPStatusCode": 200, "RetryAttempts": retries}}

    def _head(self, ask: Answer) -> Answer:
        found = self._find(ask["Key"], "HeadObject", missing="404")
        answer: Answer = {"ContentLength": found.size, "ETag": f'"{found.etag}"'}
        if found.checksum:
            value = digest(repr(found.content))
            answer |= {"ChecksumCRC64NVME": value, "ChecksumType": "FULL_OBJECT"}
        return answer

    def _get(self, ask: Answer) -> Answer:
        found = self._find(ask["Key"], "GetObject")
        _check(found, ask.get("IfMatch"), "GetObject")
        return {"Body": _Body(found)}

    def _copy(self, ask: Answer) -> Answer:
        source = self._source(ask, "CopyObject")
        self._check_write(ask, "CopyObject")
        copy = thing(self._copied(source.content), checksum=source.checksum)
        self._put(ask["Key"], copy)
        return {"CopyObjectResult": {"ETag": f'"{copy.etag}"'}}

    def _delete(self, ask: Answer) -> Answer:
        before = self.objects.get(ask["Key"])
        if "IfMatch" in ask:
            if before is None:
                raise _error("NoSuchKey", "DeleteObject")
            _check(before, ask["IfMatch"], "DeleteObject")
        if before is not None:
            del self.objects[ask["Key"]]
            self._notice(Effect("delete", ask["Key"], before))
        return {}

    def _create(self, ask: Answer) -> Answer:
        upload = self.begin(ask["Key"], checksum="ChecksumAlgorithm" in ask)
        self._notice(Effect("create", ask["Key"], upload=upload))
        return {"UploadId": upload.id}

    def begin(self, key: str, *, checksum: bool = False, foreign: bool = False, age: float = 0) -> OpenUpload:
        self.created += 1
        initiated = self._clock() - timedelta(seconds=age)
        upload = OpenUpload(f"upload {self.created}", key, initiated, checksum, foreign)
        self.uploads[upload.id] = upload
        return upload

    def _copy_part(self, ask: Answer) -> Answer:
        upload = self._upload(ask, "UploadPartCopy")
        source = self._source(ask, "UploadPartCopy")
        match = RANGE.fullmatch(ask["CopySourceRange"])
        if match is None or int(match[2]) >= source.size:
            raise _error("InvalidRequest", "UploadPartCopy")
        content = cut(source.content, int(match[1]), int(match[2]))
        part = thing(self._copied(content), checksum=upload.checksum)
        upload.parts[ask["PartNumber"]] = part
        return {"CopyPartResult": {"ETag": f'"{part.etag}"'}}

    def _complete(self, ask: Answer) -> Answer:
        operation = "CompleteMultipartUpload"
        upload = self._upload(ask, operation)
        named = {part["PartNumber"]: part["ETag"] for part in ask["MultipartUpload"]["Parts"]}
        if named != {number: f'"{part.etag}"' for number, part in upload.parts.items()}:
            raise _error("InvalidPart", operation)
        self._check_write(ask, operation)
        whole = fake_objects.completed(upload)
        if ask.get("MpuObjectSize", whole.size) != whole.size:
            raise _error("InvalidRequest", operation)
        del self.uploads[upload.id]
        self._put(ask["Key"], whole)
        return {"ETag": f'"{whole.etag}"'}

    def _abort(self, ask: Answer) -> Answer:
        upload = self._upload(ask, "AbortMultipartUpload")
        del self.uploads[upload.id]
        self._notice(Effect("abort", ask["Key"], upload=upload))
        return {}

    def _list_parts(self, ask: Answer) -> Answer:
        parts = self._upload(ask, "ListParts").parts
        return {
            "Parts": [
                {"PartNumber": number, "ETag": f'"{parts[number].etag}"', "Size": parts[number].size}
                for number in sorted(parts)
            ]
        }

    def _list_uploads(self, ask: Answer) -> Answer:
        found = [each for each in self.uploads.values() if each.key.startswith(ask["Prefix"])]
        names = ({"Key": u.key, "UploadId": u.id, "Initiated": u.initiated} for u in found)
        return {"Uploads": list(names)}

    def _copied(self, content: Content) -> Content:
        return spoilt(content) if self._spoils else content

    def _put(self, key: str, after: Thing) -> None:
        before = self.objects.get(key)
        self.objects[key] = after
        self._notice(Effect("write", key, before, after))

    def _find(self, key: str, operation: str, missing: str = "NoSuchKey") -> Thing:
        if key not in self.objects:
            raise _error(missing, operation)
        return self.objects[key]

    def _source(self, ask: Answer, operation: str) -> Thing:
        source = self._find(ask["CopySource"]["Key"], operation)
        _check(source, ask.get("CopySourceIfMatch"), operation)
        return source

    def _check_write(self, ask: Answer, operation: str) -> None:
        there = self.objects.get(ask["Key"])
        if there and ask.get("IfNoneMatch") == "*":
            raise _error("PreconditionFailed", operation)
        if "IfMatch" in ask:
            _check(self._find(ask["Key"], operation), ask["IfMatch"], operation)

    def _upload(self, ask: Answer, operation: str) -> OpenUpload:
        upload = self.uploads.get(ask["UploadId"])
        if upload is None or upload.key != ask["Key"]:
            raise _error("NoSuchUpload", operation)
        return upload


@dataclass(frozen=True, slots=True)
class _Pages:
    """A paginator whose answer fits into one page."""

    s3: FakeS3
    operation: str

    def paginate(self, **ask: Any) -> Iterator[Answer]:
        yield getattr(self.s3, self.operation)(**ask)


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands for an object's bytes."""

    thing: Thing

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        yield repr(self.thing.content).encode()[:size]

    def close(self) -> None:
        """Close nothing."""


def _check(found: Thing, etag: str | None, operation: str) -> None:
    if etag is not None and etag != f'"{found.etag}"':
        raise _error("PreconditionFailed", operation)


def _error(code: str, operation: str) -> ClientError:
    status = {"HTTPStatusCode": STATUS[code]}
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": status}, operation)  # type: ignore[typeddict-item]
