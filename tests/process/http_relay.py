"""Reading HTTP/1.1 messages without changing a byte of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader

PIECE = 1 << 18  # bytes of a body passed on at once
LINE = 1 << 16  # bytes of the longest header line
BODILESS = ("204", "304")  # answers that never have a body


@dataclass(frozen=True, slots=True)
class Head:
    """The first line and the headers (names lower-case) of a message, and their bytes."""

    raw: bytes
    words: tuple[str, ...]
    headers: Mapping[str, str]

    @property
    def keeps_alive(self) -> bool:
        return self.headers.get("connection", "").lower() != "close"

    @property
    def expects_continue(self) -> bool:
        return self.headers.get("expect", "").lower() == "100-continue"


def read_head(stream: BufferedReader) -> Head:
    """Read up to the empty line; ConnectionError when the peer has closed."""
    lines: list[bytes] = []
    while not lines or lines[-1] != b"\r\n":
        lines.append(_line(stream))
    first, *fields = (line.decode("latin-1").rstrip("\r\n") for line in lines[:-1])
    pairs = (line.partition(":") for line in fields)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Head(b"".join(lines), tuple(first.split(" ", 2)), headers)


def request_body(stream: BufferedReader, head: Head) -> Iterator[bytes]:
    """Yield the body's bytes as they are on the wire, chunk sizes included."""
    if head.headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunked(stream)
    return _exactly(stream, int(head.headers.get("content-length", "0")))


def reply_body(stream: BufferedReader, head: Head, method: str) -> Iterator[bytes]:
    """Yield the body's bytes as they are on the wire."""
    if _is_bodiless(head, method):
        return iter(())
    if has_end(head, method):
        return request_body(stream, head)
    return iter(lambda: stream.read1(PIECE), b"")


def has_end(head: Head, method: str) -> bool:
    """Tell whether a reply says where its body ends; others end with the connection."""
    framed = not {"content-length", "transfer-encoding"}.isdisjoint(head.headers)
    return framed or _is_bodiless(head, method)


def _is_bodiless(head: Head, method: str) -> bool:
    return method == "HEAD" or head.words[1] in BODILESS


def _exactly(stream: BufferedReader, count: int) -> Iterator[bytes]:
    while count:
        piece = stream.read1(min(count, PIECE))
        if not piece:
            raise ConnectionError("the peer closed the connection within a body")
        count -= len(piece)
        yield piece


def _chunked(stream: BufferedReader) -> Iterator[bytes]:
    while size := int((line := _line(stream)).split(b";")[0], 16):
        yield line
        yield from _exactly(stream, size + len(b"\r\n"))
    yield line
    while line != b"\r\n":  # trailers, and the empty line after them
        line = _line(stream)
        yield line


def _line(stream: BufferedReader) -> bytes:
    line = stream.readline(LINE)
    if not line.endswith(b"\n"):
        raise ConnectionError("the peer closed the connection within a head")
    return line
