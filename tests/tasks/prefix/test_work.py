"""The work list of a page, and what its objects have come to."""

import hashlib
import json
from typing import Any

from driver import Evidence, Location
from tasks.prefix.outcome import Outcome, tally
from tasks.prefix.work import Item, pack, unpack

FROM, TO = Location("a", "x/"), Location("b", "y/")


def items(count: int, **more: Any) -> list[Item]:
    etags = [hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest() for n in range(count)]
    return [Item(n, f"2026/11/{n:08}.jpg", 4096 + n, etags[n], **more) for n in range(count)]


def test_what_is_packed_comes_back() -> None:
    work = [Item(7, "ä\n", 0, "e-2", "version", "GLACIER"), *items(3)]

    assert unpack(pack(work)) == work
    assert unpack(pack([])) == []


def test_an_object_in_flight_takes_less_than_100_bytes_of_redis() -> None:
    versions = [hashlib.sha256(str(n).encode()).hexdigest()[:32] for n in range(1000)]
    work = [
        Item(item.number, item.name, item.size, item.etag, version)
        for item, version in zip(items(1000), versions, strict=True)
    ]

    assert len(pack(work)) / 1000 < 80
    assert len(pack(items(1000))) / 1000 < 50


def test_a_line_of_the_report_has_the_evidence() -> None:
    done = Outcome(items(1)[0], "moved", Evidence("etag", "both"), deletion="if-match")
    empty = Outcome(Item(1, "n", 0, "e"), "failed", code="AccessDenied", message="no")

    assert json.loads(done.line(FROM, TO)) == {
        "source": "s3://a/x/2026/11/00000000.jpg",
        "destination": "s3://b/y/2026/11/00000000.jpg",
        "end": "moved",
        "size": 4096,
        "etag": done.item.etag,
        "evidence": {"kind": "etag", "detail": "both"},
        "deletion": "if-match",
    }
    assert json.loads(empty.line(FROM, TO))["size"] == 0
    assert json.loads(empty.line(FROM, TO))["error"] == {"code": "AccessDenied", "message": "no"}


def test_a_page_is_counted_by_its_outcomes() -> None:
    one, two, three, four, five = items(5)
    outcomes = [
        Outcome(one, "moved"),
        Outcome(two, "failed", code="AccessDenied", message="first"),
        Outcome(three, "failed", code="AccessDenied", message="x" * 600),
        Outcome(four, "skipped"),
        Outcome(five, "left"),
    ]

    found = tally(outcomes)

    assert (found.moved, found.moved_bytes, found.failed) == (1, 4096, 2)
    assert (found.skipped, found.left) == (1, 1)
    assert found.troubles == (("AccessDenied", 2, json.dumps([three.name, "x" * 500])),)
