"""Bytes to store."""

import random

MIB = 1024**2
CHUNK = 5 * MIB
"""The `chunksize` of the drivers under test."""

_BYTES = random.Random(1906).randbytes(MIB + 7)  # noqa: S311 - not for secrets


def blob(size: int) -> bytes:
    """Return bytes that differ from MiB to MiB."""
    return (_BYTES * (size // len(_BYTES) + 1))[:size]
