"""A real Valkey for the journal's scripts; no worker and no S3."""

from collections.abc import Iterator

import pytest
from celery import Celery
from redis import Redis

from config import S3Settings, Settings
from s3mover import MoveRequest, journal
from tasks.deployment import Deployment
from tasks.leases import Keeper
from tests.tasks.throttled_fleet import Fleet
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


@pytest.fixture
def celery(server: Valkey) -> Celery:
    """Celery's own keys of a chord, as `tasks.chord` finds them."""
    app = Celery("throttle", broker=server.url, backend=server.url)
    app.set_current()
    return app


@pytest.fixture
def here(redis: Redis, celery: Celery) -> Deployment:  # for the chords
    own = Settings(s3=S3Settings(bucket="bbb", region="eu-central-1"))
    return Deployment(own, None, redis, Keeper(redis, own.part_lease))  # type: ignore[arg-type]  # no S3


@pytest.fixture
def fleet(here: Deployment) -> Fleet:
    fleet = Fleet(here)
    fleet.launch("m")
    return fleet


@pytest.fixture
def limited(fleet: Fleet) -> Fleet:
    """Return a fleet whose limit is 4, with nothing in flight and a second gone."""
    claims = fleet.claim_many("m", range(1, 9))
    for number, claim in claims.items():
        fleet.throttled("m", number, claim)
    fleet.later(1)
    return fleet
