"""Records as workers leave them: the fields that they write into a move's hash."""

from collections.abc import Callable

A, B = "s3://bucket/a", "s3://bucket/b"

Write = Callable[..., None]
"""Writes fields of a move's record: the fixture `write`."""

PLAN = {"size": 12_582_912, "etag": "abc-3", "version_id": None, "part_size": 5_242_880}

DONE = {
    "state": "done",
    "plan": PLAN,
    "parts": 3,
    "parts_done": 3,
    "by:worker@one": 2,
    "by:worker@two": 1,
    "copied": "abc-3",
    "evidence": {"kind": "checksum", "detail": "CRC64NVME AAAA="},
    "deletion": "if-match",
    "created": 1_790_000_000.0,
    "started": 1_790_000_001.0,
    "updated": 1_790_000_003.0,
    "finished": 1_790_000_003.0,
}
FAILED = {
    "state": "failed",
    "error": {"code": "AccessDenied", "message": "no right to read it", "part": 2},
    "finished": 1_790_000_003.0,
}
COPYING = {
    "state": "copying",
    "plan": PLAN,
    "parts": 3,
    "started": 1,
    "launches": 1,
    "generation": 1,
}
