"""The message of a part that this project writes itself, beside the one that Celery publishes."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from celery import Celery
from redis import Redis

import config
from s3mover.contract import PARTS_QUEUE
from s3mover.journal import move_key
from tasks import chord, part_message, window
from tasks.launch import bitmap
from tasks.window import Part
from tests.tasks.throttled_fleet import Fleet
from worker.app import configuration
from worker.fleet import Valkey

# A task id is whatever a sender likes.
MOVES = ["3f2b0c5e-5b0a-4f0e-9d0a-0123456789ab", "1000000000 %1 é\x01 \" ' 1000000001.2"]


@pytest.fixture
def app(server: Valkey) -> Iterator[Celery]:
    names = {
        "S3MOVER_BROKER_URL": server.url,
        "S3MOVER_S3_REGION": "us-east-1",
        "S3MOVER_S3_BUCKET": "none-is-used",
    }
    part_message.template.cache_clear()
    with Celery("parts", set_as_current=True) as app:
        app.conf.update(configuration(config.load(names)))
        yield app


@pytest.fixture
def slide(fleet: Fleet, app: Celery) -> Callable[[str], str]:
    """Return what launches a move of which two parts are published; it returns a part's token."""
    app.set_current()

    def launch(move_id: str) -> str:
        fleet.launch(move_id)
        fleet.redis.set(f"s3mover:done:{move_id}", bitmap((), 200))
        fleet.redis.hset(move_key(move_id), mapping={"cursor": 2, "issued": 2})
        return fleet.claim(move_id, 1).token

    return launch


def waiting(redis: Redis) -> list[dict[str, Any]]:
    """Take the messages that wait, their bodies decoded."""
    texts = cast("list[str]", redis.lrange(PARTS_QUEUE, 0, -1))
    redis.delete(PARTS_QUEUE)
    found = [json.loads(text) for text in reversed(texts)]
    for each in found:
        if each["properties"].pop("body_encoding", "") == "base64":
            each["body"] = base64.b64decode(each["body"]).decode()
        each["body"] = json.loads(each["body"])
    return found


def without_tag(message: dict[str, Any]) -> dict[str, Any]:
    """Leave out what differs from process to process, and by who publishes."""
    left = {name for name in message["properties"] if name not in {"delivery_tag", "reply_to"}}
    headers = {k: v for k, v in message["headers"].items() if k not in {"root_id", "parent_id"}}
    properties = {name: message["properties"][name] for name in left}
    return {**message, "headers": headers, "properties": properties}


@pytest.mark.parametrize("move_id", MOVES)
@pytest.mark.usefixtures("app")
def test_a_chord_publishes_what_celery_would(redis: Redis, move_id: str) -> None:
    group = chord.group_id(move_id, 3)
    parts = [1, 2, 10_000]
    for part in parts:
        chord.publish(group, part)
    theirs = waiting(redis)

    chord.start(group, 3, parts)
    ours = waiting(redis)

    assert [without_tag(each) for each in ours] == [without_tag(each) for each in theirs]
    assert len({each["properties"]["delivery_tag"] for each in ours}) == len(parts)


@pytest.mark.parametrize("move_id", MOVES)
def test_a_part_that_ends_publishes_its_successor_in_the_same_step(
    slide: Callable[[str], str], redis: Redis, move_id: str
) -> None:
    token = slide(move_id)
    group = chord.group_id(move_id, 1)

    following = window.advance(redis, Part(move_id, 1, 1), token, "w", message=chord.message(group))

    [ours] = waiting(redis)
    chord.publish(group, following)
    [theirs] = waiting(redis)
    assert following == 3
    assert without_tag(ours) == without_tag(theirs)


def test_a_part_that_comes_again_publishes_its_successor_again_unless_that_is_under_way(
    slide: Callable[[str], str], fleet: Fleet, redis: Redis
) -> None:
    token, part = slide("m"), Part("m", 1, 1)
    message = chord.message("m.1")

    for _ in range(2):
        assert window.advance(redis, part, token, "w", message=message) == 3

    first, second = waiting(redis)
    assert first["body"][0] == second["body"][0] == ["m", 1, 3]
    assert first["properties"]["delivery_tag"] != second["properties"]["delivery_tag"]
    assert fleet.claim("m", 3).verdict == "run"
    assert window.advance(redis, part, token, "w", message=message) == 0
    assert waiting(redis) == []


def test_without_a_template_the_worker_publishes(slide: Callable[[str], str], redis: Redis) -> None:
    token = slide("m")

    assert window.advance(redis, Part("m", 1, 1), token, "w") == 3
    assert waiting(redis) == []
