"""
The methods of boto3's client that `driver` calls, on a store in memory.

Every request stops at `point` first, which says what goes wrong with it, and may raise.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.tasks.fake_store import Answer, Store, error

Fault = Literal["", "unavailable", "denied", "unimplemented", "lost", "repeated", "spoilt"]
"""Nothing, refused before the effect, its answers lost, asked twice by botocore, wrong bytes."""

REFUSED = {"unavailable": "SlowDown", "denied": "AccessDenied", "unimplemented": "NotImplemented"}


class FakeS3:
    """A client of one store."""

    def __init__(self, store: Store, point: Callable[[str], Fault]) -> None:
        self.store = store
        self._point = point

    def head_object(self, **ask: Any) -> Answer:
        return self._answer("HeadObject", ask, self.store.head)

    def get_object(self, **ask: Any) -> Answer:
        return self._answer("GetObject", ask, self.store.get)

    def copy_object(self, **ask: Any) -> Answer:
        return self._answer("CopyObject", ask, self.store.copy)

    def delete_object(self, **ask: Any) -> Answer:
        return self._answer("DeleteObject", ask, self.store.delete)

    def create_multipart_upload(self, **ask: Any) -> Answer:
        return self._answer("CreateMultipartUpload", ask, self.store.create)

    def upload_part_copy(self, **ask: Any) -> Answer:
        return self._answer("UploadPartCopy", ask, self.store.copy_part)

    def complete_multipart_upload(self, **ask: Any) -> Answer:
        return self._answer("CompleteMultipartUpload", ask, self.store.complete)

    def abort_multipart_upload(self, **ask: Any) -> Answer:
        return self._answer("AbortMultipartUpload", ask, self.store.abort)

    def get_object_tagging(self, **ask: Any) -> Answer:
        return self._answer("GetObjectTagging", ask, lambda _: {"TagSet": []})

    def put_object(self, **ask: Any) -> Answer:
        return self._answer("PutObject", ask, self.store.put_note)

    def list_objects_v2(self, **ask: Any) -> Answer:
        return self._answer("ListObjectsV2", ask, self.store.list_notes)

    def get_paginator(self, operation: str) -> "_Pages":
        return _Pages(self, operation)

    def list_parts(self, **ask: Any) -> Answer:
        return self._answer("ListParts", ask, self.store.list_parts)

    def list_multipart_uploads(self, **ask: Any) -> Answer:
        return self._answer("ListMultipartUploads", ask, self.store.list_uploads)

    def _answer(self, operation: str, ask: Answer, act: Callable[[Answer], Answer]) -> Answer:
        fault = self._point(operation)
        if fault in REFUSED and (fault != "unimplemented" or operation == "UploadPartCopy"):
            raise error(REFUSED[fault], operation)
        if fault in {"lost", "repeated"}:
            with suppress(ClientError):
                act(ask)
        if fault == "lost":
            raise ReadTimeoutError(endpoint_url="fake")
        self.store.spoils = fault == "spoilt"
        retries = int(fault == "repeated")
        return act(ask) | {"ResponseMetadata": {"HTTPStatusCode": 200, "RetryAttempts": retries}}


@dataclass(frozen=True, slots=True)
class _Pages:
    """A paginator whose answer fits into one page."""

    s3: FakeS3
    operation: str

    def paginate(self, **ask: Any) -> Iterator[Answer]:
        yield getattr(self.s3, self.operation)(**ask)
