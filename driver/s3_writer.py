"""The writer of an S3 object: one multipart upload, all parts but the last of equal size."""

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from config import S3Settings
from driver.errors import DRIVER_NAME, DriverError, NoSuchUpload
from driver.locations import Location
from driver.multipart import abort, complete, create_empty
from driver.parts import Part
from driver.source import head
from driver.tails import remove_tail, save_tail, stale_of
from driver.uploading import UploadedParts
from driver.writer import FileWriter

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

TailOf = Callable[[str], Location]
"""Where the tail of an upload, named by its id, is kept."""


def create_writer(
    client: "S3Client", settings: S3Settings, location: Location, tail_of: TailOf
) -> "S3Writer":
    """Return the writer of a new upload; other uploads of the key stay as they are."""
    upload = create_empty(client, settings, location)
    parts = UploadedParts(client, upload, settings.chunksize, {})
    return S3Writer(client, settings, parts, tail_of(upload.id), None)


class S3Writer(FileWriter):
    """
    Takes the memory of two parts: one is filled while the other one is uploaded.

    A part that could not be uploaded fails this and every later call; what S3 holds can be
    resumed.
    """

    def __init__(
        self,
        client: "S3Client",
        settings: S3Settings,
        parts: UploadedParts,
        tail: Location,
        kept: bytes | None,
        *,
        has_stale: bool = False,
    ) -> None:
        super().__init__(DRIVER_NAME)
        self._client = client
        self._settings = settings
        self._parts = parts
        self._tail = tail
        self._has_tail = kept is not None
        self._has_stale = has_stale
        self._buffer = bytearray()
        if kept:
            self._write(memoryview(kept))

    @property
    def size(self) -> int:
        return self._parts.size + (0 if self._parts.failed else len(self._buffer))

    def _write(self, data: memoryview) -> int:
        self._parts.check()
        written = 0
        while written < len(data):
            room = self._parts.part_size - len(self._buffer)
            self._buffer += data[written : written + room]
            written += min(room, len(data) - written)
            if len(self._buffer) == self._parts.part_size:
                self._upload()
        return len(data)

    def _upload(self) -> None:
        self._parts.make_room()
        # Detached before it is sent: an interrupt of what follows must not write it once more.
        part, self._buffer = self._buffer, bytearray()
        self._parts.send(part)
        del part
        self._parts.settle(leaving=1)

    def _commit(self) -> None:
        try:
            if self._buffer or not self._parts.size:
                self._upload()  # of an empty file too: S3 completes none without a part
            self._complete(self._parts.settle())
        except DriverError as error:
            self._undo(error)
            raise
        self._drop_tail()

    def _complete(self, parts: Mapping[int, Part]) -> None:
        try:
            complete(self._client, self._parts.upload, parts, self._parts.size)
        except NoSuchUpload as error:
            # botocore asks again when an answer is lost: the first request may have done it.
            if not self._is_complete(parts, error):
                raise

    def _is_complete(self, parts: Mapping[int, Part], error: NoSuchUpload) -> bool:
        """
        Tell whether the object is made of these parts.

        By its ETag: its time proves nothing, since Amazon's is that of the upload's start. With a
        KMS key it cannot be told (2026-11).
        """
        try:
            found = head(self._client, self._parts.upload.destination)
        except DriverError as unseen:
            error.add_note(f"nothing was found of the file: {unseen}")
            return False
        return (found.size, found.etag) == (self._parts.size, composite_etag(parts))

    def _undo(self, error: DriverError) -> None:
        self._ended = "already cancelled"
        if isinstance(error, NoSuchUpload):
            return  # there is nothing to abort, and what was kept may be all that is left
        try:
            self._cancel()
        except DriverError as left:
            error.add_note(f"upload {self._parts.upload.id} is left behind: {left}")

    def _cancel(self) -> None:
        self._parts.give_up()
        abort(self._client, self._parts.upload)
        self._drop_tail()

    def _keep(self) -> None:
        self._parts.settle()
        if self._buffer:
            save_tail(self._client, self._settings, self._tail, self._parts.size, self._buffer)

    def _drop_tail(self) -> None:
        if self._has_tail:
            remove_tail(self._client, self._tail)
        if self._has_stale:
            remove_tail(self._client, stale_of(self._tail))


def composite_etag(parts: Mapping[int, Part]) -> str:
    """Return the ETag of an object of these parts, where their ETags are MD5 sums; else none."""
    etags = [parts[number].etag for number in sorted(parts)]
    try:
        sums = b"".join(bytes.fromhex(etag) for etag in etags)
    except ValueError:
        return ""
    return f"{hashlib.md5(sums, usedforsecurity=False).hexdigest()}-{len(etags)}"
