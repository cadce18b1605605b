"""The parts of an upload: one on its way while its writer fills the next, two at its end."""

import threading
from collections import deque
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

from driver.errors import TooLarge
from driver.multipart import Upload, upload_part
from driver.parts import MAX_PARTS, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_s3 import S3Client


SECOND = 2


class UploadedParts:
    """
    What of an upload the store has, or is being sent.

    A part is sent before the one ahead of it is waited for, so that the store never waits for the
    writer: at most two hold memory. After a part that failed every call raises its error again.
    """

    def __init__(
        self, client: "S3Client", upload: Upload, part_size: int, parts: "Mapping[int, Part]"
    ) -> None:
        self.upload = upload
        self.part_size = part_size
        self.size = sum(part.size for part in parts.values())
        self.failed = False
        """Whether a part failed: what was sent after it does not count."""
        self._client = client
        self._parts = dict(parts)
        self._next = len(parts) + 1
        self._sending: deque[Future[Part]] = deque()

    def make_room(self) -> None:
        """Raise if no further part can be sent; call it before `send`."""
        self.check()
        if self._next == SECOND:
            self.settle()  # an upload without a first part is no writer's, and none goes on with it
        if self._next > MAX_PARTS:
            raise TooLarge(
                f"{MAX_PARTS} parts of {self.part_size} bytes are written: raise chunksize",
                operation="UploadPart",
                target=str(self.upload.destination),
            )

    def send(self, content: bytearray) -> None:
        """
        Send `content` as the next part, and return at once: it is no longer the caller's.

        Wait with `settle(leaving=1)`, so that no third part takes memory.
        """
        sending: Future[Part] = Future()
        # A thread for each part: none is left when the writer is forgotten. A daemon, unlike those
        # of an executor: a store that does not answer must not keep the program from ending.
        arguments = (sending, self._client, self.upload, self._next, content)
        thread = threading.Thread(target=_send, args=arguments, name="s3mover-part", daemon=True)
        self._sending.append(sending)
        self._next += 1
        self.size += len(content)
        try:
            thread.start()
        except BaseException as error:
            if thread.ident is None:
                sending.set_exception(error)
            raise

    def settle(self, *, leaving: int = 0) -> "Mapping[int, Part]":
        """Wait for the parts on their way but the last `leaving`; raises if one failed."""
        while len(self._sending) > leaving:
            self._settle_first()
        return self._parts

    def check(self) -> None:
        """Raise, without waiting, if a part failed."""
        while self._sending and self._sending[0].done():
            self._settle_first()

    def give_up(self) -> None:
        """Wait for the parts on their way, whatever becomes of them."""
        wait(self._sending)

    def _settle_first(self) -> None:
        try:
            part = self._sending[0].result()
        except Exception:
            self.give_up()  # what lands later could fall upon the part of who goes on
            self.failed = True
            self.size = sum(part.size for part in self._parts.values())
            raise
        self._parts[part.number] = part
        self._sending.popleft()


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
