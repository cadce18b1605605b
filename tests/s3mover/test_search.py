"""Looking for moves among many, most of which do not fit."""

import pytest

from s3mover import Mover, State, search
from tests.s3mover.records import DONE, Write


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_AT_ONCE", 3)


def test_what_fits_is_found_beyond_the_first_look_youngest_first(mover: Mover) -> None:
    ids = [mover.move(f"/a/{n % 5}/x", "/b") for n in range(20)]

    found = mover.list(text="/a/3/")

    assert [record.id for record in found] == [ids[18], ids[13], ids[8], ids[3]]
    assert [record.id for record in mover.list(2, text="/a/3/")] == [ids[18], ids[13]]


def test_a_search_ends_after_its_depth(mover: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "DEPTH", 6)
    mover.move("/old", "/b")
    for _ in range(6):
        mover.move("/young", "/b")

    assert mover.list(text="old") == []
    assert len(mover.list(text="young")) == 6


def test_states_and_text_have_both_to_fit(mover: Mover, write: Write) -> None:
    one, other = mover.move("/a/one", "/b"), mover.move("/a/other", "/b")
    write(one, **DONE)

    assert [r.id for r in mover.list(states=[State.DONE])] == [one]
    assert [r.id for r in mover.list(states=[State.QUEUED, State.DONE])] == [other, one]
    assert mover.list(states=[State.DONE], text="other") == []
    assert mover.list(states=[State.FAILED]) == []


def test_an_expired_record_is_passed_over(mover: Mover, redis: object) -> None:
    gone, there = mover.move("/a/x", "/b"), mover.move("/a/x", "/b")
    redis.delete(f"s3mover:move:{gone}")  # type: ignore[attr-defined]

    assert [record.id for record in mover.list(text="/a/x")] == [there]
