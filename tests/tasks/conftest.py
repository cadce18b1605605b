"""A real Valkey for the journal's scripts; no worker and no S3."""

from collections.abc import Iterator

import pytest
from redis import Redis

from s3mover import MoveRequest, journal
from worker.fleet import Valkey


@pytest.fixture(scope="session")
def server() -> Iterator[Valkey]:
    with Valkey() as valkey:
        yield valkey


@pytest.fixture
def redis(server: Valkey) -> Iterator[Redis]:
    client = journal.connect(server.url)
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def request_ab() -> MoveRequest:
    return MoveRequest(source="s3://bucket/a", destination="s3://bucket/b")
