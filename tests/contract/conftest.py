"""Each test of the contract runs on an empty storage of its own, one in every store."""

import logging
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

import driver.storage
from config import S3Settings
from driver import S3Driver, make_client
from driver.base import StorageDriver
from driver.memory import MemoryDriver
from tests.contract.blobs import MIB
from tests.contract.stores import MOTO, STORES, Store, id_of
from worker.fleet import SeaweedFS

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MOTO_ACCOUNT = "123456789012"


@pytest.fixture(scope="session")
def seaweedfs() -> Iterator[S3Settings]:
    """Yield settings of a real store, with the smallest parts."""
    with SeaweedFS() as server:
        yield S3Settings(
            region="us-east-1",
            regionendpoint=server.endpoint,
            accesskey=server.access_key,
            secretkey=server.secret_key,
            bucket=server.bucket,
            chunksize=5 * MIB,
        )


@pytest.fixture(scope="session")
def moto() -> Iterator[S3Settings]:
    """Yield settings of a fake store, with the smallest parts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield S3Settings(
        regionendpoint=f"http://{host}:{port}",
        accesskey="fake",
        secretkey="fake",
        bucket="bucket",
        chunksize=5 * MIB,
    )
    server.stop()


@pytest.fixture(scope="session")
def clients() -> Iterator[Callable[[S3Settings], "S3Client"]]:
    """Return the one client of each endpoint: to make one takes longer than most of the tests."""
    made: dict[str, S3Client] = {}

    def client_of(settings: S3Settings, *_: object, **__: object) -> "S3Client":
        endpoint = settings.regionendpoint
        if endpoint not in made:
            made[endpoint] = make_client(settings, 32)
        return made[endpoint]

    yield client_of
    for client in made.values():
        client.close()


@pytest.fixture(params=STORES, ids=id_of)
def store(request: pytest.FixtureRequest) -> Store:
    """Return what the store of this test cannot do."""
    found: Store = request.param
    return found


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, store: Store, clients: Callable[[S3Settings], "S3Client"]
) -> S3Settings:
    """Return settings of an empty root directory, or of an empty bucket."""
    found: S3Settings = request.getfixturevalue(store.name)
    name = f"test-{uuid.uuid4().hex}"
    if store.rooted:
        return found.model_copy(update={"rootdirectory": f"/{name}/root"})
    clients(found).create_bucket(Bucket=name)
    return found.model_copy(update={"bucket": name})


@pytest.fixture
def client(settings: S3Settings, clients: Callable[[S3Settings], "S3Client"]) -> "S3Client":
    return clients(settings)


@pytest.fixture
def storage(
    request: pytest.FixtureRequest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> StorageDriver:
    if store.name == "memory":
        return MemoryDriver()
    monkeypatch.setattr(driver.storage, "make_client", request.getfixturevalue("clients"))
    return S3Driver(request.getfixturevalue("settings"))


@pytest.fixture
def put_all(
    request: pytest.FixtureRequest, storage: StorageDriver, store: Store
) -> Callable[[list[str]], None]:
    """Write files whose contents are their own paths."""
    if store == MOTO:  # inside this process: its server takes seconds for 1,000 requests
        bucket = request.getfixturevalue("settings").bucket
        backend = s3_backends[MOTO_ACCOUNT]["aws"]

        def put_one(path: str) -> None:
            backend.put_object(bucket, path.removeprefix("/"), path.encode())
    else:

        def put_one(path: str) -> None:
            storage.put_content(path, path.encode())

    def put(paths: list[str]) -> None:
        with ThreadPoolExecutor(8) as pool:
            # SeaweedFS loses one of /a and /a/b written at once, 1 time in 150 (4.48, 2026-11).
            for _, level in groupby(sorted(paths, key=_depth), _depth):
                list(pool.map(put_one, level))

    return put


def _depth(path: str) -> int:
    return path.count("/")
