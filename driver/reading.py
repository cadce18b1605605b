"""A stream of one object, that goes on where a connection breaks."""

import io
from typing import TYPE_CHECKING, Any

from driver.answers import etag_of, quoted
from driver.errors import (
    DriverError,
    NotImplementedByStore,
    PathNotFoundError,
    Rejected,
    SourceChanged,
    Transient,
)
from driver.locations import Location
from driver.translate import translated

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef

RECONNECTS = 4
"""How often in a row a stream is asked for again without a byte of it."""

WRONG_CHECKSUM = "FlexibleChecksumError"
"""botocore's, at the end of a whole object whose checksum it knows (1.44, 2026-11)."""

BLOCK = 8 * 1024**2
"""The bytes asked of a connection at once: what a break of it costs at most."""


class ObjectReader(io.BufferedIOBase):
    """
    The bytes of an object from an offset on, in the memory of one read.

    All of them are of the object that was there at first: when the connection breaks and another
    one has taken its place, or none, a read raises `SourceChanged`.
    """

    def __init__(self, client: "S3Client", location: Location, offset: int) -> None:
        self._client = client
        self._location = location
        self._position = offset
        self._etag = ""
        self._end = offset
        self._failed: DriverError | None = None
        self._body: StreamingBody | None = None  # close() looks at it, also of half a reader
        self._body = self._open()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return `size` bytes, fewer only at the end; all that is left without a size."""
        wanted = None if size is None or size < 0 else size
        pieces: list[bytes] = []
        while wanted is None or wanted > 0:
            piece = self.read1(-1 if wanted is None else wanted)
            if not piece:
                break
            pieces.append(piece)
            wanted = None if wanted is None else wanted - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read1(self, size: int = -1, /) -> bytes:
        """Return what comes next, at most `size` bytes; nothing at the end."""
        self._refuse_closed()
        if self._failed:
            raise self._failed
        for _ in range(RECONNECTS):
            try:
                return self._next(size)
            except Transient as error:
                broken = error
                self._drop()
                if error.code == WRONG_CHECKSUM:  # of all that was read: no part of it counts
                    self._failed = error
                    break
        raise broken

    def close(self) -> None:
        self._drop()
        super().close()

    def _next(self, size: int) -> bytes:
        if self._body is None and self._position < self._end:
            self._body = self._open()
        if self._body is None:
            return b""
        with translated("GetObject", source=self._location):
            piece = self._body.read(BLOCK if size < 0 else min(size, BLOCK))
        self._position += len(piece)
        if not piece and size and self._position < self._end:
            raise self._cut_short()
        return piece

    def _open(self) -> "StreamingBody | None":
        """Ask for the rest of the object; None when there is none."""
        wanted: dict[str, Any] = {}
        if self._position:  # without a range botocore compares the checksum of the whole
            wanted["Range"] = f"bytes={self._position}-"
        if self._etag:
            wanted["IfMatch"] = quoted(self._etag)
        try:
            with translated("GetObject", source=self._location):
                answer = self._client.get_object(**self._location.address, **wanted)
        except Rejected as error:
            if error.code != "InvalidRange":
                raise
            if self._etag:
                raise self._cut_short() from error
            return None
        except PathNotFoundError as error:
            if not self._etag:
                raise
            raise self._changed("it was deleted") from error
        self._check(answer)
        self._end = self._position + answer["ContentLength"]
        return answer["Body"]

    def _check(self, answer: "GetObjectOutputTypeDef") -> None:
        """Refuse what a store answers that ignores If-Match or Range (juicefs, rclone, 2026-11)."""
        etag = etag_of(answer, "GetObject", self._location)
        if self._etag and etag != self._etag:
            raise self._changed(f"its ETag is {etag}, it was {self._etag}")
        if self._position and not answer.get("ContentRange", "").startswith(
            f"bytes {self._position}-"
        ):
            raise NotImplementedByStore(
                f"the store did not begin at byte {self._position}, as it was asked to",
                operation="GetObject",
                source=str(self._location),
            )
        self._etag = etag

    def _changed(self, how: str) -> SourceChanged:
        text = f"{how} while it was read"
        return SourceChanged(text, operation="GetObject", source=str(self._location))

    def _cut_short(self) -> Transient:
        text = f"the stream ended at byte {self._position} of {self._end}"
        return Transient(text, operation="GetObject", source=str(self._location))

    def _drop(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()

    def _refuse_closed(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file.")
