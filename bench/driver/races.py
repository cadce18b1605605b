"""Which races there are: the figures that the README and the notes give."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bench.driver.jobs import MIB, Job
from bench.driver.race import Race, Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LISTED = "/listed"
ENTRIES = 1_000
FILLED = tuple(f"{LISTED}/{number:04}" for number in range(ENTRIES))
STREAMED = "/streamed"
MEGABYTE = 1_000_000
WRITERS = 4
"""How many runners write a stream."""

# Of each operation: what s3mover, boto3 and s3fs call it.
SMALL = {
    "put": ("put_content", "put_object", "pipe_file"),
    "get": ("get_content", "get_object, read", "cat_file (HEAD, GET)"),
    "stat": ("stat", "head_object", "info, not cached"),
    "list": ("list", "list_objects_v2, paginator", "ls, not cached"),
    "delete": ("delete", "delete_object", "rm_file"),
}


def small(count: int, threads: int) -> Iterator[Race]:
    """Yield the operations on objects of 1 KiB, `count` calls a round."""
    for call, names in SMALL.items():
        lists = call == "list"
        calls = max(count // 20, threads) if lists else count
        what = f"{call} {ENTRIES:,} entries" if lists else f"{call} 1 KiB"
        yield Race(
            title=f"{what}, {threads} thread{'s' * (threads > 1)}",
            unit="a second",
            amount=calls,
            runners=_runners(call, names, alone=threads == 1),
            job=partial(_JOBS[call], count=calls, threads=threads),
            prepare="put" if call == "delete" else "",
        )


def streams(size: int) -> Iterator[Race]:
    """Yield one write and one read of `size` bytes."""
    runners = {
        "write": (
            Runner("s3mover", "write", "s3mover writer, blocks of 1 MiB"),
            Runner("boto3", "write", "boto3 upload_fileobj, 10 threads, 8 MiB"),
            Runner("boto3", "write_parts", "boto3 upload_part in a loop"),
            Runner("s3fs", "write", "s3fs open(wb)"),
        ),
        "read": (
            Runner("s3mover", "read", "s3mover reader, blocks of 1 MiB"),
            Runner("boto3", "read", "boto3 get_object, Body.read(1 MiB)"),
            Runner("boto3", "read_by_threads", "boto3 download_fileobj, 10 threads, 8 MiB"),
            Runner("s3fs", "read", "s3fs open(rb)"),
        ),
    }
    for call, those in runners.items():
        title = f"{call} {size / MIB:,.0f} MiB"
        job: Callable[[str, str], Job] = partial(_stream, size=size)
        yield Race(title, "MB/s", size / MEGABYTE, those, job)


def _runners(call: str, names: tuple[str, str, str], *, alone: bool) -> list[Runner]:
    ours, boto3, s3fs = names
    runners = [Runner("s3mover", call, f"s3mover {ours}"), Runner("boto3", call, f"boto3 {boto3}")]
    if call == "delete":
        equal = "boto3 list_objects_v2, delete_object"
        runners.append(Runner("boto3", "delete_tree", equal))
    if alone:
        runners.append(Runner("s3fs", call, f"s3fs {s3fs}"))
    return runners


def _own(call: str, directory: str, *, count: int, threads: int) -> Job:
    # Of one length: none is the beginning of another, which a listing by prefix would find too.
    return Job(call, tuple(f"{directory}/{number:06}" for number in range(count)), threads)


def _filled(call: str, _directory: str, *, count: int, threads: int) -> Job:
    return Job(call, tuple(FILLED[number % ENTRIES] for number in range(count)), threads)


def _listing(call: str, _directory: str, *, count: int, threads: int) -> Job:
    return Job(call, (LISTED,) * count, threads)


def _stream(call: str, directory: str, *, size: int) -> Job:
    path = f"{directory}/stream" if call.startswith("write") else STREAMED
    return Job(call, (path,), size=size)


_JOBS: dict[str, Callable[..., Job]] = {
    "put": _own,
    "get": _filled,
    "stat": _filled,
    "list": _listing,
    "delete": _own,
}
