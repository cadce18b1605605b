"""The parts of an upload: one on its way while its writer fills the next."""

import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from driver.errors import DriverError, TooLarge
from driver.multipart import Upload, upload_part
from driver.parts import MAX_PARTS, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_s3 import S3Client


class UploadedParts:
    """
    What of an upload the store has, or is being sent; at most one part is on its way.

    After a part that failed every call raises its error again.
    """

    def __init__(
        self, client: "S3Client", upload: Upload, part_size: int, parts: "Mapping[int, Part]"
    ) -> None:
        self.upload = upload
        self.part_size = part_size
        self.size = sum(part.size for part in parts.values())
        self._client = client
        self._parts = dict(parts)
        self._next = len(parts) + 1
        self._sending: Future[Part] | None = None

    def put(self, content: bytearray) -> None:
        """Send `content` as the next part, once the one before it is there."""
        self.settle()
        if self._next > MAX_PARTS:
            raise TooLarge(
                f"{MAX_PARTS} parts of {self.part_size} bytes are written: raise chunksize",
                operation="UploadPart",
                target=str(self.upload.destination),
            )
        sending: Future[Part] = Future()
        # A thread for each part: none is left when the writer is forgotten. A daemon, unlike those
        # of an executor: a store that does not answer must not keep the program from ending.
        arguments = (sending, self._client, self.upload, self._next, content)
        threading.Thread(target=_send, args=arguments, name="s3mover-part", daemon=True).start()
        self._sending = sending
        self._next += 1
        self.size += len(content)

    def settle(self) -> "Mapping[int, Part]":
        """Wait for the part on its way, and return all parts; raises if one failed."""
        if self._sending is not None:
            part = self._sending.result()
            self._parts[part.number] = part
            self._sending = None
        return self._parts

    def check(self) -> None:
        """Raise, without waiting, if a part failed."""
        if self._sending is not None and self._sending.done():
            self.settle()

    def give_up(self) -> None:
        """Wait for the part on its way, whatever becomes of it."""
        with suppress(DriverError):
            self.settle()


def _send(
    sending: Future[Part], client: "S3Client", upload: Upload, number: int, content: bytearray
) -> None:
    try:
        part = upload_part(client, upload, number, content)
    except BaseException as error:  # noqa: BLE001  # settle() raises it
        sending.set_exception(error)
    else:
        del content  # before the writer fills the next one
        sending.set_result(part)
