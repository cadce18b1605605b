"""The URLs before an edge that checks them as CloudFront does, with the real store behind it."""

import base64
import json
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from config import CloudFrontSettings, S3Settings
from driver import S3Driver
from driver.cloudfront import CloudFront

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

KEY_ID = "K2JCJMDEHXQW5F"


class Edge(ThreadingHTTPServer):
    """A distribution with one key and one origin; answers 403 as CloudFront does."""

    daemon_threads = True

    def __init__(self, client: "S3Client", bucket: str, key: rsa.RSAPublicKey) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = client
        self.bucket = bucket
        self.key = key
        self.origin_path = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def allows(self, target: str) -> bool:
        path, _, query = target.partition("?")
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        policy = {
            "Statement": [
                {
                    "Resource": self.url + path,
                    "Condition": {"DateLessThan": {"AWS:EpochTime": int(fields["Expires"])}},
                }
            ]
        }
        signed = fields["Signature"].translate(str.maketrans("-_~", "+=/"))
        message = json.dumps(policy, separators=(",", ":")).encode()
        try:
            self.key.verify(base64.b64decode(signed), message, PKCS1v15(), SHA1())  # noqa: S303 - theirs
        except InvalidSignature:
            return False
        in_time = datetime.now(UTC).timestamp() < int(fields["Expires"])
        return in_time and fields["Key-Pair-Id"] == KEY_ID

    def fetch(self, path: str) -> bytes:
        """Ask the origin for its path and the request's, as a bucket's own host would be."""
        found = self.client.get_object(
            Bucket=self.bucket, Key=(self.origin_path + path).removeprefix("/")
        )
        return found["Body"].read()


class _Handler(BaseHTTPRequestHandler):
    server: Edge

    def do_GET(self) -> None:
        if not self.server.allows(self.path):
            self._answer(403)
            return
        try:
            self._answer(200, self.server.fetch(self.path.partition("?")[0]))
        except ClientError:
            self._answer(404)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def edge(client: "S3Client", settings: S3Settings, key: rsa.RSAPrivateKey) -> Iterator[Edge]:
    with Edge(client, settings.bucket, key.public_key()) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def options(tmp_path: Path, key: rsa.RSAPrivateKey, edge: Edge) -> CloudFrontSettings:
    pem = tmp_path / "key.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return CloudFrontSettings(baseurl=edge.url, privatekey=str(pem), keypairid=KEY_ID)


@pytest.fixture
def inner(settings: S3Settings, client: "S3Client") -> S3Driver:
    """Return a driver with a root directory of its own, and /docker/layer in it."""
    root = f"/{uuid.uuid4().hex}/root"
    client.put_object(Bucket=settings.bucket, Key=f"{root[1:]}/docker/layer", Body=b"a layer")
    return S3Driver(settings.model_copy(update={"rootdirectory": root}))


def get(url: str, method: str = "GET") -> tuple[int, bytes]:
    try:
        with urlopen(Request(url, method=method), timeout=30) as response:  # noqa: S310 - local
            return response.status, response.read()
    except HTTPError as error:
        error.close()
        return error.code, b""


def test_a_url_gets_the_object_through_an_edge_with_an_empty_origin_path(
    inner: S3Driver, options: CloudFrontSettings
) -> None:
    url = CloudFront(inner, options).url_for("/docker/layer")

    assert get(url) == (200, b"a layer")
    assert get(url, "HEAD") == (200, b"")


def test_an_origin_path_of_the_root_directory_finds_nothing(
    inner: S3Driver, options: CloudFrontSettings, edge: Edge
) -> None:
    edge.origin_path = f"/{inner.bucket_key('/docker')}".removesuffix("/docker")

    assert get(CloudFront(inner, options).url_for("/docker/layer")) == (404, b"")


def test_the_edge_refuses_a_url_that_has_expired(
    inner: S3Driver, options: CloudFrontSettings
) -> None:
    brief = options.model_copy(update={"duration": timedelta(microseconds=1)})

    assert get(CloudFront(inner, brief).url_for("/docker/layer")) == (403, b"")


def test_the_edge_refuses_a_url_of_another_path_time_or_key(
    inner: S3Driver, options: CloudFrontSettings
) -> None:
    url = CloudFront(inner, options).url_for("/docker/layer")
    unknown = options.model_copy(update={"keypairid": "K1"})

    assert get(url.replace("/docker/layer", "/docker/other")) == (403, b"")
    assert get(url.replace("Expires=", "Expires=9")) == (403, b"")
    assert get(CloudFront(inner, unknown).url_for("/docker/layer")) == (403, b"")
