from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from pydantic import SecretStr

from config import S3Settings
from driver import (
    InvalidExpiryError,
    InvalidPathError,
    Location,
    S3Driver,
    UnsupportedMethodError,
    location_of,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.conftest import Stub

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("v4auth", [True, False])
def test_anyone_can_get_and_head_by_the_url_and_nothing_else(
    client: "S3Client", rooted: S3Settings, *, v4auth: bool
) -> None:
    client.put_object(**location_of(rooted, "/a.b").address, Body=b"0123")
    storage = S3Driver(rooted.model_copy(update={"v4auth": v4auth}))
    get, head = storage.url_for("/a.b"), storage.url_for("/a.b", "HEAD", MINUTE)

    assert urllib3.request("GET", get).data == b"0123"
    assert urllib3.request("HEAD", head).headers["Content-Length"] == "4"

    assert urllib3.request("DELETE", get).status == HTTPStatus.FORBIDDEN
    assert urllib3.request("GET", get.replace("a.b", "a.c")).status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(("v4auth", "name"), [(True, "X-Amz-Expires"), (False, "Expires")])
def test_the_url_says_how_long_it_is_valid(
    stub: "Stub", stub_settings: S3Settings, *, v4auth: bool, name: str
) -> None:
    storage = S3Driver(stub_settings.model_copy(update={"v4auth": v4auth}))

    one, two = (
        int(parse_qs(urlsplit(url).query)[name][0])
        for url in (storage.url_for("/a", expires=MINUTE), storage.url_for("/a"))
    )

    if v4auth:
        assert (one, two) == (60, 1200)
    assert 1138 <= two - one <= 1142
    assert not stub.requests


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "get", ""])
def test_other_methods_are_unsupported(stub_settings: S3Settings, method: str) -> None:
    with pytest.raises(UnsupportedMethodError, match="s3aws: unsupported method"):
        S3Driver(stub_settings).url_for("/a", method)


@pytest.mark.parametrize("expires", [timedelta(0), -MINUTE, timedelta(days=7, seconds=1)])
def test_a_time_that_s3_does_not_take_is_refused(
    stub_settings: S3Settings, expires: timedelta
) -> None:
    with pytest.raises(InvalidExpiryError, match="7 days"):
        S3Driver(stub_settings).url_for("/a", expires=expires)


def test_no_url_for_what_is_no_path(stub_settings: S3Settings) -> None:
    with pytest.raises(InvalidPathError):
        S3Driver(stub_settings).url_for("/")


def test_a_redirect_endpoint_goes_with_acceleration() -> None:
    settings = S3Settings(
        region="us-east-1",
        bucket="bucket",
        accesskey="fake",
        secretkey=SecretStr("fake"),
        accelerate=True,
        redirectendpoint="https://cdn.example.com",
    )

    assert S3Driver(settings).url_for("/a").startswith("https://cdn.example.com/bucket/a?")


def test_a_redirect_endpoint_is_in_the_url_and_in_its_signature(
    client: "S3Client", rooted: S3Settings, body_of: Callable[[Location], bytes]
) -> None:
    client.put_object(**location_of(rooted, "/a").address, Body=b"0123")
    public = rooted.regionendpoint.replace("127.0.0.1", "localhost")
    storage = S3Driver(rooted.model_copy(update={"redirectendpoint": f"{public}/"}))

    url = storage.url_for("/a")

    assert url.startswith(f"{public}/{rooted.bucket}/")
    # The proxy behind the public name hands its Host header on.
    private = url.replace(public, rooted.regionendpoint)
    host = {"Host": urlsplit(public).netloc}
    assert urllib3.request("GET", private, headers=host).data == b"0123"
    assert urllib3.request("GET", private).status == HTTPStatus.FORBIDDEN
