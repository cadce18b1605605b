"""What the end of a page, and of a whole move, leaves: live counts, metrics, owed callbacks."""

import json
from typing import Any, cast

import pytest

from s3mover import PrefixRequest, State, prefix_journal
from s3mover.callbacks import OnEnd
from s3mover.scripts import Script
from tasks import outbox
from tasks.callbacks import make
from tasks.deployment import Deployment
from tasks.prefix import page
from tasks.prefix.outcome import Outcome, tally
from tasks.prefix.page import Page, claimed
from tasks.prefix.work import Item

ON_END: OnEnd = {"task": "web.on_done", "queue": "web"}
REQUEST = PrefixRequest(source="s3://bbb/a/", destination="s3://bbb/b/", on_end=ON_END)
ONE, TWO = Item(0, "one", 5, "e1"), Item(1, "two", 7, "e2")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Return the callbacks that were asked for at once."""
    found: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(page, "publish", lambda *_: None)
    monkeypatch.setattr(outbox, "ask", lambda move, kinds: found.append((move, list(kinds))))
    return found


@pytest.fixture
def move(here: Deployment, asked: list[Any]) -> str:
    assert asked == []
    prefix_journal.accept(here.redis, "p", REQUEST)
    begin = Script("tasks", "prefix_begin", "prefix", "areas")
    ends = ("source_at", '["bbb", "a/"]', "destination_at", '["bbb", "b/"]')
    begin(here.redis, "p", "bbb/a/", "bbb/b/", *ends)
    return "p"


def end(one: Page) -> None:
    failed = Outcome(TWO, "failed", code="AccessDenied", message="no")
    one.end(tally([Outcome(ONE, "moved"), failed]))


def counts(here: Deployment) -> dict[str, str]:
    found = cast("dict[str, str]", here.redis.hgetall("s3mover:tally"))
    return {name: value for name, value in found.items() if value != "0"}


def test_what_is_copied_is_seen_until_the_page_ends(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as one:
        one.save([ONE, TWO], "", (2, 12), 0)
        assert not one.copied(1, 5)
        seen = prefix_journal.read(here.redis, move)
        end(one)
        after = prefix_journal.read(here.redis, move)
        assert not one.copied(2, 12)  # late: by a thread that has not heard of it

    assert (seen.copied, seen.copied_bytes, seen.planned, seen.progress) == (1, 5, 2, 1)
    assert (after.copied, after.planned, after.moved) == (0, 0, 1)
    assert prefix_journal.read(here.redis, move).copied == 0


def test_a_page_that_comes_again_begins_its_count_anew(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as one:
        one.save([ONE, TWO], "", (2, 12), 0)
        one.copied(2, 12)

    with claimed(here, move, 1):
        assert prefix_journal.read(here.redis, move).copied == 0


def test_a_pause_and_a_cancel_are_heard_of_with_the_count(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as one:
        one.save([ONE, TWO], "", (2, 12), 0)
        prefix_journal.steer(here.redis, move, "pause")
        assert one.copied(1, 5)


def test_pages_objects_and_moves_are_counted_once(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as one:
        one.save([ONE, TWO], "", (2, 12), 0)
        assert counts(here) == {"prefixes:accepted": "1", "pages": "1"}
        end(one)
        one.over = False  # its worker does not hear of it, and lets the page go

    assert counts(here) == {
        "prefixes:accepted": "1",
        "prefixes:finished:failed": "1",
        "prefixes:bytes": "5",
        "objects:moved": "1",
        "objects:failed": "1",
    }


def test_the_last_page_asks_for_the_callbacks_that_are_owed(
    here: Deployment, move: str, asked: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with claimed(here, move, 1) as one:
        one.save([ONE, TWO], "", (2, 12), 0)
        assert here.redis.zrange("s3mover:outbox", 0, -1) == []
        end(one)

    assert here.redis.zrange("s3mover:outbox", 0, -1) == [f"on_end {move}"]
    assert asked == [(move, ["on_end"])]
    assert prefix_journal.read(here.redis, move).callbacks == {"on_end": "waiting"}

    sent: list[Any] = []
    monkeypatch.setattr("tasks.callbacks.receivers.check_queue", lambda *_: None)
    monkeypatch.setattr(
        "tasks.callbacks.current_app.send_task", lambda *args, **more: sent.append((args, more))
    )
    assert make(here, move, "on_end") is None
    assert make(here, move, "on_end") is None

    (((task,), more),) = sent
    assert task == "web.on_done"
    assert more["kwargs"]["record"]["state"] == State.FAILED
    assert more["kwargs"]["record"]["troubles"][0]["code"] == "AccessDenied"
    assert json.dumps(more["kwargs"])
    assert prefix_journal.read(here.redis, move).callbacks == {"on_end": "sent"}
    assert here.redis.zrange("s3mover:outbox", 0, -1) == []


def test_a_move_that_is_cancelled_before_it_began_owes_them_too(
    here: Deployment, asked: list[Any]
) -> None:
    prefix_journal.accept(here.redis, "q", REQUEST)
    prefix_journal.steer(here.redis, "q", "cancelled")

    assert here.redis.zrange("s3mover:outbox", 0, -1) == ["on_end q"]
    assert asked == []
