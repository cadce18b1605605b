"""Arithmetic of multipart copies; no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass

from driver.errors import TooLarge

MIB = 1024**2

# Amazon S3 user guide, "multipart upload limits", read 2026-11.
MIN_PART_SIZE = 5 * MIB
MAX_PART_SIZE = 5 * 1024 * MIB
MAX_PARTS = 10_000

MAX_COPY_SIZE = 5 * 1024 * MIB
"""The largest source one CopyObject takes (S3 API reference, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part as the store holds it."""

    number: int
    etag: str
    size: int


def is_multipart(size: int, threshold: int) -> bool:
    """
    Say whether an object of `size` is copied in parts.

    Never at or below 5 MiB: S3 refuses a ranged copy of such a source (2026-11).
    """
    return size > max(threshold, MIN_PART_SIZE)


def part_size(size: int, chunksize: int) -> int:
    """
    Return the size of every part but the last; it grows when 10,000 parts would not do.

    Equal sizes, since Cloudflare R2 takes no others (distribution #3873, read 2026-11).
    """
    if size > MAX_PARTS * MAX_PART_SIZE:
        raise TooLarge(f"{size} bytes, but {MAX_PARTS} parts hold {MAX_PARTS * MAX_PART_SIZE}")
    return min(max(chunksize, MIN_PART_SIZE, -(-size // MAX_PARTS)), MAX_PART_SIZE)


def part_count(size: int, part_size: int) -> int:
    return -(-size // part_size)


def part_length(size: int, part_size: int, number: int) -> int:
    """Return the bytes of part `number`, which counts from 1."""
    return min(part_size, size - (number - 1) * part_size)


def part_range(size: int, part_size: int, number: int) -> str:
    """Return the `CopySourceRange` of part `number`, which counts from 1."""
    first = (number - 1) * part_size
    last = first + part_length(size, part_size, number) - 1
    return f"bytes={first}-{last}"


def missing_parts(parts: Mapping[int, Part], size: int, part_size: int) -> list[int]:
    """Return the numbers still to copy: absent, or there with another size."""
    return [
        number
        for number in range(1, part_count(size, part_size) + 1)
        if number not in parts or parts[number].size != part_length(size, part_size, number)
    ]
