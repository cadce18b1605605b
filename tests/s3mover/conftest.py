"""A real Valkey for the client; what workers would write into the journal is written by tests."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from s3mover import Mover, journal
from tests.s3mover.records import Write
from worker.fleet import Valkey


@pytest.fixture(scope="session")
def server() -> Iterator[Valkey]:
    with Valkey() as valkey:
        yield valkey


@pytest.fixture
def redis(server: Valkey) -> Iterator[Redis]:
    client = journal.connect(server.url)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def mover(server: Valkey, redis: Redis) -> Mover:
    return Mover(server.url)


@pytest.fixture
def messages(redis: Redis) -> Callable[[], list[dict[str, Any]]]:
    """Read the messages that wait for a worker: what of each a worker goes by."""

    def read() -> list[dict[str, Any]]:
        found = []
        for text in redis.lrange("control", 0, -1):
            message = json.loads(text)
            args, kwargs, _ = json.loads(base64.b64decode(message["body"]))
            names = ("id", "task", "ignore_result", "argsrepr", "kwargsrepr")
            headers = {name: message["headers"][name] for name in names}
            found.append({"args": args, "kwargs": kwargs, **headers})
        return found

    return read


@pytest.fixture
def write(redis: Redis) -> Write:
    """Write fields of a move's record, as a worker does."""

    def write(move_id: str, **fields: object) -> None:
        for name, value in fields.items():
            redis.hset(journal.move_key(move_id), name, _text(value))

    return write


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value)
