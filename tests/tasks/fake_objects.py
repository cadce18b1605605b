"""What the fake S3 holds: contents by name and range instead of bytes, which would cost time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5

Run = tuple[str, int, int]
Content = tuple[Run, ...]
"""Runs of bytes: of which original, the first and the last."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An object."""

    content: Content
    etag: str
    checksum: bool
    """Whether the store keeps a full-object checksum of it."""

    @property
    def size(self) -> int:
        return size_of(self.content)


@dataclass(slots=True)
class OpenUpload:
    """A multipart upload that was neither completed nor aborted."""

    id: str
    key: str
    initiated: datetime
    checksum: bool
    foreign: bool
    parts: dict[int, Thing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """What stands for an object's bytes."""

    thing: Thing

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        yield repr(self.thing.content).encode()[:size]

    def close(self) -> None:
        """Close nothing."""


def thing(content: Content, *, checksum: bool) -> Thing:
    """Return an object that was written by one request."""
    return Thing(content, digest(repr(content)), checksum)


def completed(upload: OpenUpload) -> Thing:
    """Return the object that an upload becomes."""
    parts = [upload.parts[number] for number in sorted(upload.parts)]
    content = joined([run for part in parts for run in part.content])
    etags = digest(" ".join(part.etag for part in parts))
    return Thing(content, f"{etags}-{len(parts)}", upload.checksum)


def joined(runs: list[Run]) -> Content:
    """Return the runs with those put together that follow each other in one original."""
    whole: list[Run] = []
    for name, first, last in runs:
        if whole and whole[-1][0] == name and whole[-1][2] + 1 == first:
            whole[-1] = (name, whole[-1][1], last)
        else:
            whole.append((name, first, last))
    return tuple(whole)


def cut(content: Content, first: int, last: int) -> Content:
    """Return the bytes from the first to the last."""
    runs: list[Run] = []
    at = 0
    for name, start, end in content:
        low, high = max(first, at), min(last, at + end - start)
        if low <= high:
            runs.append((name, start + low - at, start + high - at))
        at += end - start + 1
    return tuple(runs)


def spoilt(content: Content) -> Content:
    """Return as many wrong bytes."""
    return ((f"not {content[0][0]}", 0, size_of(content) - 1),)


def size_of(content: Content) -> int:
    return sum(last - first + 1 for _, first, last in content)


def digest(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
