"""Each promise, kept and broken."""

from dataclasses import replace

import pytest

from s3mover import State
from tests.chaos.invariants import (
    Ends,
    Found,
    is_exception,
    of_bucket,
    of_deletion,
    of_move,
    of_redis,
    of_uploads,
)

BEFORE = Ends("body", "old")
DONE = Found("m", State.DONE, State.DONE, committed=True, before=BEFORE, now=Ends(None, "body"))
FAILED = Found("m", State.FAILED, State.FAILED, committed=False, before=BEFORE, now=BEFORE)
CANCELLED = replace(FAILED, state=State.CANCELLED, first_end=State.CANCELLED)
COMPLETED = replace(FAILED, committed=True, now=Ends("body", "body"))


def promises(found: Found) -> list[str]:
    return [violation.promise for violation in of_move(found)]


@pytest.mark.parametrize("found", [DONE, FAILED, CANCELLED, COMPLETED])
def test_what_is_promised_is_no_violation(found: Found) -> None:
    assert promises(found) == []


@pytest.mark.parametrize(
    ("found", "broken"),
    [
        (replace(DONE, state=None), ["ends by itself"]),
        (replace(DONE, state=State.COPYING), ["ends by itself"]),
        (replace(FAILED, first_end=State.DONE), ["an end is final"]),
        (replace(DONE, now=Ends("body", "body")), ["done: the source is gone"]),
        (replace(DONE, now=Ends("body", "old")), ["done: the bytes are there"]),
        (replace(FAILED, now=Ends(None, "body")), ["failed: the source stays"]),
        (replace(COMPLETED, committed=False), ["failed: the old stays"]),
        (replace(FAILED, committed=True, now=Ends("body", "x")), ["failed: the old stays"]),
        (
            replace(CANCELLED, committed=True, now=Ends("body", "body")),
            ["cancelled: the old stays"],
        ),
        (replace(FAILED, now=Ends("body", None)), ["failed: the old stays"]),
    ],
)
def test_what_is_not_kept_is_named(found: Found, broken: list[str]) -> None:
    assert set(broken) <= set(promises(found))


def test_bytes_that_are_nowhere_are_lost() -> None:
    assert "nothing is lost" in promises(replace(DONE, now=Ends(None, "old")))


def test_a_failure_after_the_copy_is_counted_as_the_documented_exception() -> None:
    assert [is_exception(found) for found in (DONE, FAILED, COMPLETED)] == [False, False, True]


def test_a_source_may_go_only_when_the_destination_has_its_bytes() -> None:
    assert of_deletion("m", source="body", ends=Ends("body", "body")) == []
    assert of_deletion("m", source="body", ends=Ends(None, "other")) == []  # gone already
    assert of_deletion("m", source="body", ends=Ends("body", "old"))
    assert of_deletion("m", source="body", ends=Ends("body", None))


def test_uploads_and_objects_that_are_left_are_named() -> None:
    assert [v.move for v in of_uploads({"id": "m/destination"})] == ["m/destination"]
    assert [v.move for v in of_bucket({"a", "b"}, {"a"})] == ["b"]


def test_keys_of_moves_that_are_under_way_are_named_and_records_are_not() -> None:
    left = [f"s3mover:{kind}" for kind in ("active", "locks", "leases:m", "claims:m")]
    keys = [*left, "s3mover:moves", "s3mover:move:m", "s3mover:sweep:t", "celery-x", "unacked"]

    assert [v.move for v in of_redis(keys, [])] == left
    assert of_redis([], ["… s3mover.sweep …"]) == []
    assert of_redis([], ["… s3mover.settle …"])
