"""What a contender is asked, and what it took; standard library only, s3fs' process reads it."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Place:
    """The store, and the size of an uploaded part in bytes."""

    endpoint: str
    bucket: str
    region: str
    access_key: str
    secret_key: str
    part_size: int


@dataclass(frozen=True, slots=True)
class Job:
    """
    One call for each path, by so many threads.

    With a size it is the stream of one object of so many bytes.
    """

    call: str
    paths: tuple[str, ...]
    threads: int = 1
    size: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds on the clock, CPU seconds of the process, and bytes of memory it grew by."""

    seconds: float
    cpu: float
    grown: int
    """The peak above what it had when the first MiB had passed; 0 for what is no stream."""
