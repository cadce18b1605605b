"""Stores for the driver's tests: a real one, a fast fake, and one that answers what it is told."""

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import botocore.handlers
import pytest
from moto.core.models import botocore_stubber
from moto.server import ThreadedMotoServer

from config import RequestPath, S3Settings
from driver import MIN_PART_SIZE, Location, S3Driver, make_client
from worker.fleet import SeaweedFS

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MIB = 1024**2

# Moto's server alone is used here; a client that its mock listens to is not a worker's.
botocore.handlers.BUILTIN_HANDLERS.remove(("before-send", botocore_stubber))


@pytest.fixture(scope="session")
def seaweedfs() -> Iterator[SeaweedFS]:
    with SeaweedFS() as server:
        yield server


@pytest.fixture(scope="session")
def settings(seaweedfs: SeaweedFS) -> S3Settings:
    """Return settings of the real store, with the smallest parts and threshold."""
    return S3Settings(
        region="us-east-1",
        regionendpoint=seaweedfs.endpoint,
        accesskey=seaweedfs.access_key,
        secretkey=seaweedfs.secret_key,
        bucket=seaweedfs.bucket,
        multipartcopychunksize=5 * MIB,
        multipartcopythresholdsize=5 * MIB,
        multipartcopymaxconcurrency=4,
    )


@pytest.fixture(scope="session")
def client(settings: S3Settings, request: pytest.FixtureRequest) -> Iterator["S3Client"]:
    """Yield a client; modules about copies ask for both of its ways."""
    client = make_client(settings, request_path=getattr(request, "param", "lean"))
    yield client
    client.close()


@pytest.fixture(scope="session")
def versioned(settings: S3Settings) -> str:
    """Return the name of a bucket that keeps versions."""
    client = make_client(settings)
    client.create_bucket(Bucket="versioned")
    client.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    client.close()
    return "versioned"


@pytest.fixture
def here(settings: S3Settings) -> Location:
    """Where this test's source is; nobody else's."""
    return Location(settings.bucket, f"{uuid.uuid4().hex}/source")


@pytest.fixture
def rooted(settings: S3Settings, here: Location) -> S3Settings:
    """Return settings whose root directory is this test's alone; a writer's parts are small."""
    update = {"rootdirectory": f"/{here.key}/", "chunksize": MIN_PART_SIZE}
    return settings.model_copy(update=update)


@pytest.fixture
def storage(rooted: S3Settings) -> S3Driver:
    return S3Driver(rooted)


@pytest.fixture
def there(settings: S3Settings) -> Location:
    """Where this test's destination is; nobody else's."""
    return Location(settings.bucket, f"{uuid.uuid4().hex}/destination")


@pytest.fixture(scope="session")
def content() -> Callable[[int], bytes]:
    """Return bytes that differ from part to part and from call to call."""
    return random.Random(1906).randbytes  # noqa: S311 - not for secrets


@pytest.fixture
def body_of(client: "S3Client") -> Callable[[Location], bytes]:
    def read(location: Location) -> bytes:
        with closing(client.get_object(**location.address)["Body"]) as body:
            return body.read()

    return read


@pytest.fixture(scope="session")
def moto_settings() -> Iterator[S3Settings]:
    """Yield settings of a fake store that takes a key for a prefix too; it proves no safety."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = S3Settings(
        regionendpoint=f"http://{host}:{port}",
        accesskey="fake",
        secretkey="fake",
        bucket="bucket",
        multipartcopychunksize=5 * MIB,
        multipartcopythresholdsize=5 * MIB,
    )
    make_client(settings).create_bucket(Bucket="bucket")
    yield settings
    server.stop()


@dataclass
class Answer:
    """What the stub answers to one request."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Request:
    """What the stub was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Stub(ThreadingHTTPServer):
    """A store that gives its answers in turn, the last one for ever, and notes requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _StubHandler)
        self.answers: list[Answer] = []
        self.requests: list[Request] = []

    def answer(self, status: int = 200, body: str = "", **headers: str) -> None:
        self.answers.append(Answer(status, body, headers))

    def next_answer(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _StubHandler(BaseHTTPRequestHandler):
    server: Stub

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.next_answer(Request(self.command, self.path, headers, body))
        if "Date" in answer.headers:
            self.send_response_only(answer.status)
        else:
            self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body.encode())
        self.close_connection = True

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def stub_settings(stub: Stub) -> S3Settings:
    return S3Settings(
        regionendpoint=f"http://127.0.0.1:{stub.server_port}",
        accesskey="fake",
        secretkey="fake",
        bucket="bucket",
        multipartcopythresholdsize=5 * MIB,
        multipartcopymaxconcurrency=1,
    )


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let botocore retry at once."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)


@pytest.fixture(params=["lean", "boto3"])
def request_path(request: pytest.FixtureRequest) -> RequestPath:
    """Return one and then the other way of copies, which are to differ in nothing but CPU."""
    path: RequestPath = request.param
    return path


@pytest.fixture
def stub_client(
    stub_settings: S3Settings, no_pauses: None, request_path: RequestPath
) -> Iterator["S3Client"]:
    client = make_client(stub_settings, request_path=request_path)
    yield client
    client.close()
