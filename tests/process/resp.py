"""Reading Redis' protocol as far as a proxy needs it: where a message ends, a request's words."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

LINE = 1 << 16  # bytes of the longest line
BULK = b"$=!"
NESTED = {b"*": 1, b"~": 1, b">": 1, b"%": 2}  # messages for each of the counted


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its bytes on the wire, and its words."""

    raw: bytes
    words: tuple[bytes, ...]

    @property
    def name(self) -> str:
        return self.words[0].decode().upper()


@dataclass(frozen=True, slots=True)
class Request:
    """What Redis does or does not do as one: a command, or a transaction with its ends."""

    commands: tuple[Command, ...]

    @property
    def raw(self) -> bytes:
        return b"".join(command.raw for command in self.commands)

    @property
    def body(self) -> tuple[Command, ...]:
        """The commands without the ends of a transaction."""
        return self.commands[1:-1] if len(self.commands) > 1 else self.commands

    def fake_reply(self) -> bytes:
        """Answer a transaction as Redis does when each of its commands changes one thing."""
        count = len(self.body)
        return b"+OK\r\n" + b"+QUEUED\r\n" * count + b"*%d\r\n" % count + b":1\r\n" * count


def read_requests(stream: BufferedReader) -> Iterator[Request]:
    """Yield requests until the peer closes; ConnectionError when that is within one."""
    while stream.peek(1):
        commands = [_read_command(stream)]
        if commands[0].name == "MULTI":
            while commands[-1].name not in {"EXEC", "DISCARD"}:
                commands.append(_read_command(stream))
        yield Request(tuple(commands))


def read_reply(stream: BufferedReader) -> bytes:
    """Read one reply with all that is in it."""
    line = _line(stream)
    kind, count = line[:1], line[1:-2]
    if kind in BULK and count != b"-1":
        return line + _exactly(stream, int(count) + len(b"\r\n"))
    inner = NESTED.get(kind, 0) * max(0, int(count)) if kind in NESTED else 0
    return line + b"".join(read_reply(stream) for _ in range(inner))


def _read_command(stream: BufferedReader) -> Command:
    head = _line(stream)
    raw, words = [head], []
    for _ in range(int(head[1:])):
        size = _line(stream)
        word = _exactly(stream, int(size[1:]) + len(b"\r\n"))
        raw += [size, word]
        words.append(word[:-2])
    return Command(b"".join(raw), tuple(words))


def _line(stream: BufferedReader) -> bytes:
    line = stream.readline(LINE)
    if not line.endswith(b"\r\n"):
        raise ConnectionError("the peer closed the connection within a message")
    return line


def _exactly(stream: BufferedReader, size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise ConnectionError("the peer closed the connection within a message")
    return found
