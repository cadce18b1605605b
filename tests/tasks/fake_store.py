"""What each request does to a small S3 in memory; it honours the conditions of the requests."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Literal

from botocore.exceptions import ClientError

from tests.tasks.fake_objects import (
    Body,
    Content,
    OpenUpload,
    Thing,
    completed,
    cut,
    digest,
    spoilt,
    thing,
)

Answer = dict[str, Any]

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
RANGE = re.compile(r"bytes=(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a request has changed; None where there is no object."""

    kind: Literal["write", "delete", "create", "abort"]
    key: str
    before: Thing | None = None
    after: Thing | None = None
    upload: OpenUpload | None = None


class Store:
    """One bucket without versions; `notice` hears of each effect."""

    def __init__(self, notice: Callable[[Effect], None], clock: Callable[[], datetime]) -> None:
        self.objects: dict[str, Thing] = {}
        self.uploads: dict[str, OpenUpload] = {}
        self.notes: dict[str, tuple[bytes, datetime]] = {}
        """What is written with its bytes: the mover's own small objects."""
        self.created = 0
        self.spoils = False
        """Whether copies get wrong bytes now."""
        self._notice, self._clock = notice, clock

    def head(self, ask: Answer) -> Answer:
        if ask["Key"] in self.notes:
            return {"ContentLength": 1, "ETag": '"note"'}
        found = self._find(ask["Key"], "HeadObject", missing="404")
        answer: Answer = {"ContentLength": found.size, "ETag": f'"{found.etag}"'}
        if found.checksum:
            value = digest(repr(found.content))
            answer |= {"ChecksumCRC64NVME": value, "ChecksumType": "FULL_OBJECT"}
        return answer

    def put_note(self, ask: Answer) -> Answer:
        self.notes[ask["Key"]] = (bytes(ask["Body"]), self._clock())
        return {"ETag": '"note"'}

    def list_notes(self, ask: Answer) -> Answer:
        found = ((k, v[1]) for k, v in self.notes.items() if k.startswith(ask["Prefix"]))
        return {"Contents": [{"Key": key, "LastModified": at, "Size": 1} for key, at in found]}

    def get(self, ask: Answer) -> Answer:
        if ask["Key"] in self.notes:
            return {"Body": BytesIO(self.notes[ask["Key"]][0])}
        found = self._find(ask["Key"], "GetObject")
        _check(found, ask.get("IfMatch"), "GetObject")
        return {"Body": Body(found)}

    def copy(self, ask: Answer) -> Answer:
        source = self._source(ask, "CopyObject")
        self._check_write(ask, "CopyObject")
        copy = thing(self._copied(source.content), checksum=source.checksum)
        self._put(ask["Key"], copy)
        return {"CopyObjectResult": {"ETag": f'"{copy.etag}"'}}

    def delete(self, ask: Answer) -> Answer:
        self.notes.pop(ask["Key"], None)
        before = self.objects.get(ask["Key"])
        if "IfMatch" in ask:
            if before is None:
                raise error("NoSuchKey", "DeleteObject")
            _check(before, ask["IfMatch"], "DeleteObject")
        if before is not None:
            del self.objects[ask["Key"]]
            self._notice(Effect("delete", ask["Key"], before))
        return {}

    def create(self, ask: Answer) -> Answer:
        upload = self.begin(ask["Key"], checksum="ChecksumAlgorithm" in ask)
        self._notice(Effect("create", ask["Key"], upload=upload))
        return {"UploadId": upload.id}

    def begin(
        self, key: str, *, checksum: bool = False, foreign: bool = False, age: float = 0
    ) -> OpenUpload:
        self.created += 1
        initiated = self._clock() - timedelta(seconds=age)
        upload = OpenUpload(f"upload {self.created}", key, initiated, checksum, foreign)
        self.uploads[upload.id] = upload
        return upload

    def copy_part(self, ask: Answer) -> Answer:
        upload = self._upload(ask, "UploadPartCopy")
        source = self._source(ask, "UploadPartCopy")
        match = RANGE.fullmatch(ask["CopySourceRange"])
        if match is None or int(match[2]) >= source.size:
            raise error("InvalidRequest", "UploadPartCopy")
        content = cut(source.content, int(match[1]), int(match[2]))
        part = thing(self._copied(content), checksum=upload.checksum)
        upload.parts[ask["PartNumber"]] = part
        return {"CopyPartResult": {"ETag": f'"{part.etag}"'}}

    def complete(self, ask: Answer) -> Answer:
        operation = "CompleteMultipartUpload"
        upload = self._upload(ask, operation)
        named = {part["PartNumber"]: part["ETag"] for part in ask["MultipartUpload"]["Parts"]}
        if named != {number: f'"{part.etag}"' for number, part in upload.parts.items()}:
            raise error("InvalidPart", operation)
        self._check_write(ask, operation)
        whole = completed(upload)
        if ask.get("MpuObjectSize", whole.size) != whole.size:
            raise error("InvalidRequest", operation)
        del self.uploads[upload.id]
        self._put(ask["Key"], whole)
        return {"ETag": f'"{whole.etag}"'}

    def abort(self, ask: Answer) -> Answer:
        upload = self._upload(ask, "AbortMultipartUpload")
        del self.uploads[upload.id]
        self._notice(Effect("abort", ask["Key"], upload=upload))
        return {}

    def list_parts(self, ask: Answer) -> Answer:
        parts = self._upload(ask, "ListParts").parts
        return {
            "Parts": [
                {
                    "PartNumber": number,
                    "ETag": f'"{parts[number].etag}"',
                    "Size": parts[number].size,
                    "LastModified": self.uploads[ask["UploadId"]].initiated,
                }
                for number in sorted(parts)
            ]
        }

    def list_uploads(self, ask: Answer) -> Answer:
        found = [each for each in self.uploads.values() if each.key.startswith(ask["Prefix"])]
        names = ({"Key": u.key, "UploadId": u.id, "Initiated": u.initiated} for u in found)
        return {"Uploads": list(names)}

    def _copied(self, content: Content) -> Content:
        return spoilt(content) if self.spoils else content

    def _put(self, key: str, after: Thing) -> None:
        before = self.objects.get(key)
        self.objects[key] = after
        self._notice(Effect("write", key, before, after))

    def _find(self, key: str, operation: str, missing: str = "NoSuchKey") -> Thing:
        if key not in self.objects:
            raise error(missing, operation)
        return self.objects[key]

    def _source(self, ask: Answer, operation: str) -> Thing:
        source = self._find(ask["CopySource"]["Key"], operation)
        _check(source, ask.get("CopySourceIfMatch"), operation)
        return source

    def _check_write(self, ask: Answer, operation: str) -> None:
        there = self.objects.get(ask["Key"])
        if there and ask.get("IfNoneMatch") == "*":
            raise error("PreconditionFailed", operation)
        if "IfMatch" in ask:
            _check(self._find(ask["Key"], operation), ask["IfMatch"], operation)

    def _upload(self, ask: Answer, operation: str) -> OpenUpload:
        upload = self.uploads.get(ask["UploadId"])
        if upload is None or upload.key != ask["Key"]:
            raise error("NoSuchUpload", operation)
        return upload


def _check(found: Thing, etag: str | None, operation: str) -> None:
    if etag is not None and etag != f'"{found.etag}"':
        raise error("PreconditionFailed", operation)


def error(code: str, operation: str) -> ClientError:
    status = {"HTTPStatusCode": STATUS[code]}
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": status}, operation)  # type: ignore[typeddict-item]
