"""Each promise of a prefix move, kept and broken."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from s3mover import PrefixRecord, PrefixState
from tests.chaos.plan import Options
from tests.chaos.prefix_check import FoundPrefix, Line, Told, of_prefix
from tests.chaos.prefix_faults import some_keys_fail
from tests.chaos.prefix_memory import Sample
from tests.chaos.prefix_plan import draw_prefixes
from tests.process.s3_rule import Rule

NOW = datetime.now(UTC)
MOVED, SKIPPED, FAILED = Line("moved", ""), Line("skipped", "X"), Line("failed", "X")


def told(state: str, found: int, left: int = 0, **lines: list[Line]) -> Told:
    ends = [line.end for each in lines.values() for line in each]
    record = PrefixRecord(
        id="p",
        source="s3://bucket/a/",
        destination="s3://bucket/b/",
        state=PrefixState(state),
        found=found,
        moved=ends.count("moved"),
        skipped=ends.count("skipped"),
        failed=ends.count("failed"),
        left=left,
        created_at=NOW,
        updated_at=NOW,
    )
    return Told(record, lines)


DONE = FoundPrefix(
    name="p000",
    before={"a": False, "b": True},
    source={"b": "thing"},
    destination={"a": "thing", "b": "old"},
    moves=[told("done", 2, a=[MOVED], b=[SKIPPED])],
)
CANCELLED = replace(
    DONE,
    source={"a": "thing", "b": "thing"},
    destination={"b": "old"},
    moves=[told("cancelled", 2, left=2)],
)
AGAIN = replace(DONE, moves=[*CANCELLED.moves, *DONE.moves])
BESIDE = replace(
    DONE, destination={"a": "thing", "b": "thing"}, moves=[told("failed", 2, a=[MOVED], b=[FAILED])]
)


@pytest.mark.parametrize("found", [DONE, CANCELLED, AGAIN, BESIDE])
def test_what_is_promised_is_no_violation(found: FoundPrefix) -> None:
    assert of_prefix(found) == []


@pytest.mark.parametrize(
    ("found", "broken"),
    [
        (replace(DONE, moves=[told("moving", 2, a=[MOVED], b=[SKIPPED])]), "is moving"),
        (replace(DONE, moves=[told("done", 3, a=[MOVED], b=[SKIPPED])]), "found 3, ended 2"),
        (replace(DONE, moves=[told("done", 3, a=[MOVED] * 2, b=[SKIPPED])]), "two lines"),
        (replace(DONE, moves=[told("done", 1, a=[MOVED])]), "b: has no line"),
        (replace(DONE, moves=[*DONE.moves, *DONE.moves]), "a: moved twice"),
        (replace(DONE, source={"a": "thing", "b": "thing"}), "a: moved, but at its source"),
        (replace(DONE, destination={"b": "old"}), "a: moved, but at its source"),
        (replace(DONE, destination={"a": "other", "b": "old"}), "a: moved, but at its source"),
        (replace(DONE, source={}), "b: not moved, but at its source is None"),
        (replace(DONE, destination={"a": "thing"}), "b: not moved"),
        (replace(DONE, destination={"a": "thing", "b": "thing"}), "b: not moved"),
        (replace(CANCELLED, destination={"a": "thing", "b": "old"}), "a: not moved"),
        (replace(DONE, moves=[told("done", 3, a=[MOVED], b=[SKIPPED], c=[MOVED])]), "never was"),
    ],
)
def test_what_is_not_kept_is_named(found: FoundPrefix, broken: str) -> None:
    assert any(broken in violation.detail for violation in of_prefix(found)), of_prefix(found)


def test_counts_that_are_not_those_of_the_report_are_named() -> None:
    record = DONE.moves[0].record.model_copy(update={"moved": 2, "skipped": 0})
    found = replace(DONE, moves=[Told(record, DONE.moves[0].lines)])

    assert "reported" in of_prefix(found)[0].detail


def test_a_seed_is_one_plan_of_prefixes_with_as_much_of_all_as_was_asked_for() -> None:
    options = Options(seed=5, prefixes=6, objects=500, steered=1, kills=4, restarts=2)
    plan = draw_prefixes(options)

    assert plan == draw_prefixes(options)
    assert plan != draw_prefixes(replace(options, seed=6))
    assert [len(case.large) for case in plan.cases] == [2] * 6
    assert [len(case.acts) for case in plan.cases] == [3] * 6
    assert (len(plan.strikes), max(strike.after for strike in plan.strikes) <= 2700) == (6, True)


def test_some_keys_of_a_delete_are_said_to_have_failed() -> None:
    entries = b"".join(b"<Object><Key>%d</Key></Object>" % number for number in range(100))
    rule = some_keys_fail("1", "InternalError")(Rule())

    empty = rule.change(entries, b"<DeleteResult></DeleteResult>")
    short = rule.change(entries, b'<DeleteResult xmlns="x"/>')

    for answer in (empty, short):
        assert 0 < answer.count(b"<Error>") < 30
        assert answer.endswith(b"</Error></DeleteResult>")


def test_pages_that_take_too_much_of_redis_are_told_from_those_that_do_not() -> None:
    assert Sample(pages=2, objects=2000, used=150_000).is_bounded
    assert not Sample(pages=2, objects=2000, used=250_000).is_bounded
