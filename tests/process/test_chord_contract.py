"""What `tasks.chord` takes for granted of Celery, tried on a real worker.

Celery does not document these: `backend.set_chord_size`, `backend.get_key_for_group`, and the
publishing options `group_id`, `group_index` and `chord`. A new Celery has to pass here.
"""

import sys
from collections.abc import Iterator
from typing import cast
from uuid import uuid4

import pytest
from celery import Celery, current_app
from redis import Redis

import config
from tasks import chord
from tests.process.queues import messages
from tests.process.rig import until
from worker.app import configuration
from worker.fleet import Valkey, Worker
from worker.fleet.server import clean_environment
from worker.fleet.workers import QUICK


class ChordWorker(Worker):
    def command(self) -> list[str]:
        module = "tests.process.chord_worker"
        return [sys.executable, "-m", "celery", "-A", module, "worker", *QUICK]


@pytest.fixture(scope="module")
def settings() -> Iterator[dict[str, str]]:
    """Start Valkey and the worker; return the settings that name them."""
    with Valkey() as valkey:
        own = {
            "S3MOVER_BROKER_URL": valkey.url,
            "S3MOVER_S3_REGION": "us-east-1",
            "S3MOVER_S3_BUCKET": "none-is-used",
        }
        environment = clean_environment() | own
        worker = ChordWorker("chord", environment, log_dir=valkey.directory, threads=4)
        worker.start()
        try:
            yield own
        finally:
            worker.kill()


@pytest.fixture(autouse=True)
def app(settings: dict[str, str]) -> Iterator[Celery]:
    """Publish as a worker of the project does."""
    before = current_app._get_current_object()  # type: ignore[attr-defined]  # the stubs lack it
    with Celery("chord.test", set_as_current=False) as app:
        app.conf.update(configuration(config.load(settings)))
        app.set_current()
        yield app
        before.set_current()


@pytest.fixture
def redis(settings: dict[str, str]) -> Iterator[Redis]:
    with Redis.from_url(settings["S3MOVER_BROKER_URL"], decode_responses=True) as redis:
        yield redis


@pytest.fixture
def group() -> str:
    return chord.group_id(uuid4().hex, 1)


def parts(redis: Redis, what: str, group: str) -> list[int]:
    return sorted(int(part) for part in cast("list[str]", redis.lrange(f"{what}:{group}", 0, -1)))


def firings(redis: Redis, group: str) -> list[int]:
    """Wait until the chord has fired; return how many parts had ended each time it did."""
    until(lambda: parts(redis, "settled", group))
    until(lambda: not messages(redis))
    return parts(redis, "settled", group)


def assert_waiting(redis: Redis, group: str, *, ended: list[int]) -> None:
    """Check that the chord has not fired though these parts have ended and none is under way."""
    until(lambda: parts(redis, "ended", group) == ended)
    until(lambda: not messages(redis))
    assert parts(redis, "settled", group) == []


def marks(redis: Redis, group: str) -> list[bool]:
    """Return for each key that Celery still has of the chord whether it expires within the hour."""
    names = cast("list[str]", redis.keys(f"celery*{group}*"))
    return [0 < redis.ttl(name) <= 3600 for name in names]


def test_the_callback_fires_once_when_as_many_parts_have_ended_as_the_size_says(
    redis: Redis, group: str
) -> None:
    chord.start(group, 5, [1, 2])
    assert_waiting(redis, group, ended=[1, 2])

    for part in (3, 4):
        chord.publish(group, part)
    assert_waiting(redis, group, ended=[1, 2, 3, 4])

    chord.publish(group, 5)
    assert firings(redis, group) == [5]


def test_each_part_may_publish_the_next_before_it_ends(redis: Redis, group: str) -> None:
    for part in range(1, 99):
        redis.hset(f"next:{group}", str(part), str(part + 2))

    chord.start(group, 100, [1, 2])

    assert firings(redis, group) == [100]


def test_a_copy_of_a_message_counts_once(redis: Redis, group: str) -> None:
    chord.start(group, 2, [1, 1, 1])
    assert_waiting(redis, group, ended=[1, 1, 1])

    for _ in range(3):
        chord.publish(group, 2)
    assert len(firings(redis, group)) == 1


def test_a_part_that_raises_leads_to_the_same_task_once_all_have_ended(
    redis: Redis, group: str
) -> None:
    redis.sadd(f"fail:{group}", 1)

    chord.start(group, 3, [1, 2])
    assert_waiting(redis, group, ended=[1, 2])

    chord.publish(group, 3)
    assert firings(redis, group) == [3]


def test_a_chord_that_shrinks_fires_when_the_last_part_issued_has_ended(
    redis: Redis, group: str
) -> None:
    redis.sadd(f"hold:{group}", 3)
    chord.start(group, 10, [1, 2, 3])
    until(lambda: parts(redis, "ended", group) == [1, 2])
    until(lambda: parts(redis, "begun", group) == [1, 2, 3])

    redis.decrby(chord.difference_key(group), 7)
    assert parts(redis, "settled", group) == []
    redis.rpush(f"gate:{group}", "open")

    assert firings(redis, group) == [3]


def test_a_chord_that_has_fired_leaves_nothing_but_a_mark_that_expires(
    redis: Redis, group: str
) -> None:
    chord.start(group, 2, [1, 2])

    assert firings(redis, group) == [2]
    assert marks(redis, group) == [True]


def test_a_dropped_chord_is_not_fired_by_a_late_part_and_leaves_the_same_mark(
    redis: Redis, group: str
) -> None:
    redis.sadd(f"hold:{group}", 2)
    chord.start(group, 2, [1, 2])
    until(lambda: parts(redis, "ended", group) == [1])

    chord.drop(redis, group)
    redis.rpush(f"gate:{group}", "open")

    assert_waiting(redis, group, ended=[1, 2])
    assert marks(redis, group) == [True]
