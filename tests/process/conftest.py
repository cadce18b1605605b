"""Real parts for the tests of this folder: a Valkey, a SeaweedFS, and a gateway in front of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import boto3
import pytest
from botocore.config import Config
from types_boto3_s3 import S3Client

from tests.process.rig import Rig
from tests.process.s3_gateway import S3Gateway
from worker.fleet import Fleet, SeaweedFS, Valkey

Connect = Callable[..., S3Client]


@pytest.fixture(scope="session")
def seaweedfs() -> Iterator[SeaweedFS]:
    with SeaweedFS() as server:
        yield server


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with Valkey() as server:
        yield server


@pytest.fixture
def gateway(seaweedfs: SeaweedFS) -> Iterator[S3Gateway]:
    with S3Gateway(seaweedfs.endpoint) as gateway:
        yield gateway


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make S3 clients that try each request once, of a server or of a gateway before it."""
    with ExitStack() as clients:

        def connect(server: SeaweedFS, endpoint: str | None = None) -> S3Client:
            client: S3Client = boto3.client(
                "s3",
                endpoint_url=endpoint or server.endpoint,
                region_name=server.region,
                aws_access_key_id=server.access_key,
                aws_secret_access_key=server.secret_key,
                config=Config(
                    retries={"total_max_attempts": 1},
                    max_pool_connections=64,
                    s3={"addressing_style": "path"},
                ),
            )
            clients.callback(client.close)
            return client

        yield connect


@pytest.fixture
def s3(connect: Connect, seaweedfs: SeaweedFS) -> S3Client:
    """Reach S3 past the gateway, as a test's own view of the truth."""
    return connect(seaweedfs)


@pytest.fixture
def start_fleet(
    valkey: Valkey, seaweedfs: SeaweedFS, gateway: S3Gateway
) -> Iterator[Callable[..., Fleet]]:
    """Start fleets whose workers reach S3 through the gateway; they end with the test."""
    with ExitStack() as fleets:

        def start(**options: Any) -> Fleet:
            fleet = Fleet(valkey=valkey, seaweedfs=seaweedfs, endpoint=gateway.endpoint, **options)
            return fleets.enter_context(fleet)

        yield start


@pytest.fixture(scope="session")
def lasting_rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    """Lend one rig to all tests, each as the one before has left it."""
    with Rig(seaweedfs) as rig:
        yield rig


@pytest.fixture
def rig(lasting_rig: Rig) -> Rig:
    """Lend two workers and beat, all alive, which other tests use too."""
    lasting_rig.revive()
    return lasting_rig
