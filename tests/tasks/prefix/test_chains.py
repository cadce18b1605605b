"""A listing that splits: pages side by side, each asked for once; Redis holds what is in flight."""

import hashlib
from contextlib import ExitStack

import pytest
from redis import Redis

from s3mover import PrefixState, prefix_journal
from tasks.deployment import Deployment
from tasks.prefix import page, steer
from tasks.prefix.outcome import Outcome, Tally, tally
from tasks.prefix.page import Refused, claimed
from tasks.prefix.work import Item
from tests.tasks.prefix.test_page import ONE, carried, move, published, record, twice

__all__ = ["move", "published", "twice"]  # fixtures


@pytest.mark.usefixtures("twice")
def test_each_chain_of_a_split_listing_is_followed_to_its_end(
    here: Deployment, move: str, published: list[int]
) -> None:
    cursors = {}
    with claimed(here, move, 1) as first:
        first.save([ONE], "a", (1, 1), 0, ["b", "c"])
        first.end(tally([Outcome(ONE, "moved")]))
    assert set(published) == {2, 3, 4}
    for number in (4, 2, 3):
        with claimed(here, move, number) as one:
            cursors[number] = one.cursor
            assert one.others == 2
            one.save([ONE], f"more of {one.cursor}", (1, 1), 0)
            one.end(tally([Outcome(ONE, "moved")]))
    for number in (5, 6, 7):
        assert not record(here).listed
        with claimed(here, move, number) as one:
            cursors[number] = one.cursor
            assert one.others == 7 - number
            one.save([], "", (0, 0), 0)
            one.end(Tally())

    assert cursors == dict(
        zip((4, 2, 3, 5, 6, 7), ("c", "a", "b", "more of c", "more of a", "more of b"), strict=True)
    )
    assert set(published) == {2, 3, 4, 5, 6, 7}
    assert (record(here).state, record(here).moved) == (PrefixState.DONE, 4)
    assert left_of(here.redis) == {"s3mover:prefix:p"}


def left_of(redis: Redis) -> set[str]:
    """Return the keys that are there, but those of all moves together."""
    of_all = {prefix_journal.PREFIXES, "s3mover:tally"}
    return {key for key in redis.scan_iter("s3mover:*") if key not in of_all}


def test_of_many_chains_only_so_many_pages_are_asked_for(
    here: Deployment, move: str, published: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "WINDOW", 3)
    with claimed(here, move, 1) as first:
        first.save([ONE], "a", (1, 1), 0, ["b", "c", "d"])
        assert published == [2, 3]
        first.end(tally([Outcome(ONE, "moved")]))
        assert published == [2, 3, 4]
    with claimed(here, move, 3) as third:
        third.save([], "", (0, 0), 0)
        third.end(Tally())

    assert published == [2, 3, 4, 5]


def test_pages_whose_messages_died_with_a_worker_are_published_by_the_next(
    here: Deployment, move: str, published: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with claimed(here, move, 1) as lost:
        with monkeypatch.context() as dead:
            dead.setattr(page, "publish", lambda *_: None)
            lost.save([ONE], "a", (1, 1), 0, ["b"])
        here.redis.hset("s3mover:page:p:1", "until", 0)
        with claimed(here, move, 1):
            assert set(published) == {2, 3}
    assert carried(here, move) == {1, 2, 3}


def test_chains_that_a_pause_stops_before_they_are_listed_go_on(
    here: Deployment, move: str, published: list[int]
) -> None:
    with claimed(here, move, 1) as first:
        first.save([ONE], "a", (1, 1), 0, ["b"])
        first.end(tally([Outcome(ONE, "moved")]))
    with claimed(here, move, 2) as second:
        prefix_journal.steer(here.redis, move, "pause")
        second.end(Tally())
    with pytest.raises(Refused, match="paused"), claimed(here, move, 2):
        pass
    prefix_journal.steer(here.redis, move, "resume")
    assert carried(here, move) == {2, 3}

    for number, cursor in ((2, "a"), (3, "b")):
        with claimed(here, move, number) as one:
            assert (one.cursor, one.is_again) == (cursor, False)
            one.save([], "", (0, 0), 0)
            one.end(Tally())
    assert record(here).state is PrefixState.DONE


def test_a_page_that_was_resumed_before_it_heard_of_the_pause_is_published_again(
    here: Deployment, move: str, published: list[int]
) -> None:
    with claimed(here, move, 1) as first:
        first.end(Tally())  # it has seen a pause, which is over

    assert published == [1]


@pytest.mark.usefixtures("published")
def test_a_cancel_ends_at_once_what_nobody_lists(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as first:
        first.save([ONE], "a", (1, 1), 0, [str(n) for n in range(20)])
        prefix_journal.steer(here.redis, move, "cancelled")
        first.end(tally([Outcome(ONE, "left")]))

    assert (record(here).state, record(here).left) == (PrefixState.CANCELLED, 1)
    assert left_of(here.redis) == {"s3mover:prefix:p"}
    with pytest.raises(Refused, match="over"), claimed(here, move, 2):
        pass


@pytest.mark.usefixtures("published")
def test_redis_holds_less_than_100_bytes_an_object_in_flight_and_none_of_what_is_done(
    here: Deployment, move: str
) -> None:
    """As many pages are open as may be; 40,000 objects go through them."""
    count, most, last = 1000, 0, 5 * page.WINDOW
    for start in range(1, last, page.WINDOW):
        with ExitStack() as owners:
            for number in range(start, start + page.WINDOW):
                one = owners.enter_context(claimed(here, move, number))
                cursor = "" if number == last else hashlib.sha256(b"%d" % number).hexdigest() * 2
                one.save(objects(number, count), cursor, (count, count), 0)
                owners.callback(one.end, Tally(moved=count))
            most = max(most, used(here.redis))

    assert most < 100 * page.WINDOW * count
    assert used(here.redis) < 1500
    assert record(here).moved == last * count


def objects(number: int, count: int) -> list[Item]:
    """Return objects with names of 40 characters, and ETags that no compression shortens."""
    etags = [hashlib.md5(b"%d %d" % (number, n), usedforsecurity=False) for n in range(count)]
    return [
        Item(n, f"2026/11/{number:04}/{digest.hexdigest()[:6]}-{n:012}.jpeg", n, digest.hexdigest())
        for n, digest in enumerate(etags)
    ]


def used(redis: Redis) -> int:
    keys = [key for key in redis.scan_iter("s3mover:*") if key.endswith(":p") or ":p:" in key]
    return sum(int(redis.memory_usage(key, samples=0) or 0) for key in keys)


@pytest.mark.usefixtures("twice")
def test_a_cancelled_move_asks_for_no_page_once_it_has_ended(here: Deployment, move: str) -> None:
    with claimed(here, move, 1) as first:
        first.save([ONE], "a", (1, 1), 0, [str(number) for number in range(15)])
        first.end(tally([Outcome(ONE, "moved")]))

    prefix_journal.steer(here.redis, move, "cancelled")
    steer.carry(here, move)

    assert record(here).state is PrefixState.CANCELLED
    assert left_of(here.redis) == {"s3mover:prefix:p"}
    assert here.redis.hget("s3mover:tally", "pages") == "0"
