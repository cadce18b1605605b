"""The journal of a page: each script may be sent twice, and counts once."""

from typing import Any

import pytest
from redis import Redis

from s3mover import PrefixRequest, PrefixState, journal, prefix_journal
from s3mover.scripts import Script
from tasks.deployment import Deployment
from tasks.errors import Superseded
from tasks.prefix import children, page
from tasks.prefix.outcome import Outcome, Tally, tally
from tasks.prefix.page import Page, Refused, claimed
from tasks.prefix.work import Item

REQUEST = PrefixRequest(source="s3://bbb/a/", destination="s3://bbb/b/")
ONE, TWO = Item(0, "one", 1, "e1"), Item(1, "two", 2, "e2")


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sent: list[int] = []
    monkeypatch.setattr(page, "publish", lambda _, number: sent.append(number))
    return sent


@pytest.fixture
def move(here: Deployment, published: list[int]) -> str:
    prefix_journal.accept(here.redis, "p", REQUEST)
    begin = Script("tasks", "prefix_begin", "prefix", "areas")
    ends = ("source_at", '["bbb", "a/"]', "destination_at", '["bbb", "b/"]')
    begin(here.redis, "p", "bbb/a/", "bbb/b/", *ends)
    assert carried(here, "p") == {1}
    return "p"


def carried(here: Deployment, move: str) -> set[int]:
    """Carry a move on as its steering does, and return the pages that are published."""
    settle = Script("tasks", "prefix_settle", "prefix")
    _, pages, waiting = settle(here.redis, move, 60, page.WINDOW, page.MOST_CHILDREN)
    return {int(number) for number in (*pages, *waiting)}


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send each script twice, as redis-py does when an answer was lost; the second one is heard."""
    once = Script.__call__

    def call(self: Script, redis: Redis, *args: Any) -> Any:
        first, second = once(self, redis, *args), once(self, redis, *args)
        is_lost = second == "lost" or (isinstance(second, list) and second[0] == "lost")
        return [first[0], *second[1:]] if is_lost and isinstance(second, list) else second

    monkeypatch.setattr(Script, "__call__", call)


def record(here: Deployment) -> Any:
    return prefix_journal.read(here.redis, "p")


@pytest.mark.usefixtures("twice")
def test_scripts_sent_twice_count_once(here: Deployment, move: str, published: list[int]) -> None:
    with claimed(here, move, 1) as first:
        first.save([ONE, TWO], "next", (2, 3), 5)
        first.end(tally([Outcome(ONE, "moved"), Outcome(TWO, "failed", code="X", message="m")]))
    with claimed(here, move, 2) as second:
        second.save([], "", (0, 0), 0)
        second.end(Tally())

    found = record(here)
    assert (found.state, found.listed) == (PrefixState.FAILED, True)
    assert (found.found, found.found_bytes, found.filtered) == (2, 3, 5)
    assert (found.moved, found.moved_bytes, found.failed) == (1, 1, 1)
    assert [(each.code, each.count, each.example) for each in found.troubles] == [("X", 1, "two")]
    assert set(published) == {2}


def test_a_page_is_one_tasks_at_a_time_and_one_that_has_ended_is_done(
    here: Deployment, move: str
) -> None:
    with claimed(here, move, 1) as first:
        with pytest.raises(Refused, match="busy"), claimed(here, move, 1):
            pass
        first.save([ONE], "next", (1, 1), 0)
        first.end(tally([Outcome(ONE, "moved")]))
    with pytest.raises(Refused, match="done"), claimed(here, move, 1):
        pass

    assert record(here).moved == 1


def test_a_task_that_has_lost_its_page_counts_nothing(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as lost:
        lost.save([ONE], "", (1, 1), 0)
        here.redis.hset("s3mover:page:p:1", "until", 0)
        with claimed(here, move, 1) as again:
            assert again.items == [ONE]
            assert again.is_again
            with pytest.raises(Superseded):
                lost.end(tally([Outcome(ONE, "moved")]))
            again.end(tally([Outcome(ONE, "moved")]))

    assert (record(here).moved, record(here).state) == (1, PrefixState.DONE)


def test_only_so_many_pages_are_open_at_once(
    here: Deployment, move: str, published: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "WINDOW", 2)
    with claimed(here, move, 1) as one:
        one.save([ONE], "2", (1, 1), 0)
        with claimed(here, move, 2) as two:
            two.save([ONE], "3", (1, 1), 0)
            assert published == [2]
            one.end(tally([Outcome(ONE, "moved")]))
            assert published == [2, 3]


def adopt(owner: Page) -> None:
    child = children.child_id("p", 1, TWO.number)
    request = children._request(owner, TWO)
    assert owner.adopt(TWO, child, request) == "queued"


@pytest.mark.usefixtures("twice")
def test_the_end_of_a_large_object_counts_once_and_its_page_comes_last(
    here: Deployment, move: str, published: list[int]
) -> None:
    child = children.child_id("p", 1, TWO.number)
    with claimed(here, move, 1) as first:
        first.save([ONE, TWO], "", (2, 3), 0)
        adopt(first)
        first.end(tally([Outcome(ONE, "moved")]), [TWO], waits=True)
    with pytest.raises(Refused, match="waiting"), claimed(here, move, 1):
        pass
    assert (record(here).children_open, record(here).state) == (1, PrefixState.MOVING)

    journal.stop(here.redis, child, "cancelled")
    with claimed(here, move, 1) as last:
        assert last.waits
        assert [each.end for each in children.ended(last)] == ["left"]
        last.end(tally([]))

    found = record(here)
    assert (found.moved, found.left, found.children_open) == (1, 1, 0)
    assert found.state is PrefixState.DONE
    assert not list(here.redis.scan_iter("s3mover:page:*"))
    assert here.redis.ttl(journal.move_key(child)) <= 3600


def test_what_a_pause_leaves_comes_again(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as first:
        first.save([ONE, TWO], "", (2, 3), 0)
        prefix_journal.steer(here.redis, move, "pause")
        assert first.halted()
        first.end(tally([Outcome(ONE, "moved")]), [TWO])
    with pytest.raises(Refused, match="paused"), claimed(here, move, 1):
        pass
    prefix_journal.steer(here.redis, move, "resume")
    with claimed(here, move, 1) as again:
        assert (again.items, again.chunk, again.is_again) == ([TWO], 1, False)
        again.end(tally([Outcome(TWO, "moved")]))

    assert (record(here).moved, record(here).state) == (2, PrefixState.DONE)


def test_a_cancel_drops_pages_that_nobody_has_begun(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as first:
        first.save([ONE, TWO], "next", (2, 3), 0)
        prefix_journal.steer(here.redis, move, "pause")
        first.end(tally([]), [ONE, TWO])
    prefix_journal.steer(here.redis, move, "cancelled")

    with pytest.raises(Refused, match="done"), claimed(here, move, 1):
        pass

    assert (record(here).state, record(here).left) == (PrefixState.CANCELLED, 2)


def test_a_page_whose_message_was_lost_is_found_while_others_go_on(
    here: Deployment, move: str, published: list[int]
) -> None:
    quiet = Script("tasks", "prefix_quiet", "prefix")
    with claimed(here, move, 1) as one:
        one.save([ONE], "next", (1, 1), 0)
        with claimed(here, move, 2) as two:
            two.save([TWO], "", (1, 1), 0)
            assert quiet(here.redis, 60, 10) == []
            here.redis.hset("s3mover:page:p:1", "until", 1)

            assert quiet(here.redis, 60, 10) == [move]
            assert quiet(here.redis, 60, 10) == []  # it is asked for, and may take a while
    assert published == [2]
