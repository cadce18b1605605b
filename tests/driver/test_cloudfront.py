import base64
import json
import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from config import CloudFrontSettings, S3Settings, SettingsError
from driver import InvalidPathError, S3Driver, UnsupportedMethodError
from driver.base import StorageDriver
from driver.cloudfront import CloudFront, HasBucketKey
from driver.middleware import Middleware

NOT_ENCRYPTED = NoEncryption()
PKCS1, PKCS8 = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8

SIGNED = re.compile(
    r"https://example\.com/(?P<key>[^?]+)"
    r"\?Expires=(?P<expires>\d+)&Signature=(?P<signature>[A-Za-z0-9_~-]+)&Key-Pair-Id=test"
)

RANGES = {
    "prefixes": [
        {"ip_prefix": "192.0.2.0/24", "region": "eu-west-1", "service": "S3"},
        {"ip_prefix": "198.51.100.0/24", "region": "US-East-1", "service": "EC2"},
    ],
    "ipv6_prefixes": [{"ipv6_prefix": "2001:db8::/32", "region": "eu-west-1", "service": "S3"}],
}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Return a key as large as the one of the registry's test."""
    return rsa.generate_private_key(65537, 1024)  # noqa: S505 - it guards nothing


@pytest.fixture
def pem(tmp_path: Path, key: rsa.RSAPrivateKey) -> Path:
    return write(tmp_path, key.private_bytes(Encoding.PEM, PKCS1, NOT_ENCRYPTED))


def write(folder: Path, content: bytes) -> Path:
    (path := folder / "key.pem").write_bytes(content)
    return path


def options(pem: Path, **given: Any) -> CloudFrontSettings:
    required = {"baseurl": "example.com", "privatekey": str(pem), "keypairid": "test"}
    return CloudFrontSettings.model_validate(required | given)


def bucket(rootdirectory: str = "/some/root") -> S3Driver:
    """Return a driver that makes URLs; nothing is asked of a store."""
    return S3Driver(
        S3Settings(
            region="us-east-1",
            bucket="bucket",
            accesskey="fake",
            secretkey="fake",
            rootdirectory=rootdirectory,
        )
    )


def parsed(url: str) -> re.Match[str]:
    found = SIGNED.fullmatch(url)
    assert found, url
    return found


def is_s3s_own(url: str) -> bool:
    return "X-Amz-Signature=" in url and "Key-Pair-Id" not in url


def verify(key: rsa.RSAPrivateKey, url: str) -> None:
    """Check the signature of the canned policy, as CloudFront's guide writes it."""
    resource, expires = url.partition("?")[0], parsed(url)["expires"]
    policy = (
        f'{{"Statement":[{{"Resource":"{resource}",'
        f'"Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}}}]}}'
    )
    signature = base64.b64decode(parsed(url)["signature"].translate(str.maketrans("-_~", "+=/")))
    key.public_key().verify(signature, policy.encode(), PKCS1v15(), SHA1())  # noqa: S303 - theirs


@pytest.mark.parametrize("form", [PKCS1, PKCS8])
def test_a_url_is_signed_by_the_key_in_either_pem_form(
    tmp_path: Path, key: rsa.RSAPrivateKey, form: PrivateFormat
) -> None:
    pem = write(tmp_path, key.private_bytes(Encoding.PEM, form, NOT_ENCRYPTED))

    url = CloudFront(bucket(), options(pem)).url_for("/a/b")

    verify(key, url)


@pytest.mark.parametrize("rootdirectory", ["", "/", "/some/root", "some/root/", "~me/at@home=1"])
def test_a_url_has_the_whole_key_unescaped(
    pem: Path, key: rsa.RSAPrivateKey, rootdirectory: str
) -> None:
    root = rootdirectory.strip("/")

    url = CloudFront(bucket(rootdirectory), options(pem)).url_for("/a/b_c.d-E")

    assert parsed(url)["key"] == f"{root}/a/b_c.d-E".lstrip("/")
    verify(key, url)


def test_a_base_url_with_a_path_stays_before_the_key(pem: Path) -> None:
    url = CloudFront(bucket(), options(pem, baseurl="http://d1.cloudfront.net/in")).url_for("/a")

    assert url.startswith("http://d1.cloudfront.net/in/some/root/a?Expires=")


@pytest.mark.parametrize(
    ("given", "duration"),
    [({}, timedelta(minutes=20)), ({"duration": "3000s"}, timedelta(seconds=3000))],
)
def test_a_url_expires_after_the_duration(
    pem: Path, given: dict[str, str], duration: timedelta
) -> None:
    driver = CloudFront(bucket(), options(pem, **given))

    before = datetime.now(UTC)
    url = driver.url_for("/a")
    after = datetime.now(UTC)

    expires = int(parsed(url)["expires"])
    assert int((before + duration).timestamp()) <= expires <= (after + duration).timestamp()


def test_the_method_and_the_time_asked_for_are_ignored(pem: Path) -> None:
    driver = CloudFront(bucket(), options(pem, duration="1h"))
    soon = datetime.now(UTC) + timedelta(minutes=59)

    url = driver.url_for("/a", "DELETE", timedelta(seconds=1))

    assert int(parsed(url)["expires"]) > soon.timestamp()


@pytest.mark.parametrize(
    "path", ["", "/", "a", "/a/", "/a b", "/a?b", "/a#b", "/é", "/a\n", "/a/../b", "/./a"]
)
def test_what_is_no_path_gets_no_url(pem: Path, path: str) -> None:
    with pytest.raises(InvalidPathError) as caught:
        CloudFront(bucket(), options(pem)).url_for(path)

    assert str(caught.value) == f"s3aws: invalid path: {path}"


def test_all_other_operations_are_the_inner_drivers(pem: Path) -> None:
    changed = {name for name in vars(CloudFront) if not name.startswith("_")}

    assert changed == {"url_for", "close"}
    assert issubclass(CloudFront, Middleware)


def test_without_options_it_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="no baseurl provided"):
        CloudFrontSettings()


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^failed to read privatekey file: .*/missing\.pem"):
        CloudFront(bucket(), options(tmp_path / "missing.pem"))


@pytest.mark.parametrize("name", [".", "key.pem/below", "a\0b"])
def test_a_key_file_that_cannot_be_read_is_an_error(tmp_path: Path, pem: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"^failed to read privatekey file: "):
        CloudFront(bucket(), options(tmp_path / name))


def broken(content: bytes) -> bytes:
    return content.replace(b"\n", b"\n#", 3)


def encrypted(form: PrivateFormat) -> Callable[[rsa.RSAPrivateKey], bytes]:
    return lambda key: key.private_bytes(Encoding.PEM, form, BestAvailableEncryption(b"secret"))


UNUSABLE: dict[str, Callable[[rsa.RSAPrivateKey], bytes]] = {
    "empty": lambda _: b"",
    "text": lambda _: b"hunter2",
    "bytes": lambda _: bytes(range(256)),
    "der": lambda key: key.private_bytes(Encoding.DER, PKCS8, NOT_ENCRYPTED),
    "public": lambda key: key.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    ),
    "broken": lambda key: broken(key.private_bytes(Encoding.PEM, PKCS1, NOT_ENCRYPTED)),
    "short": lambda key: key.private_bytes(Encoding.PEM, PKCS1, NOT_ENCRYPTED)[:-40],
    "encrypted PKCS#1": encrypted(PKCS1),
    "encrypted PKCS#8": encrypted(PKCS8),
    "EC PKCS#8": lambda _: ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PKCS8, NOT_ENCRYPTED
    ),
    "EC": lambda _: ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PKCS1, NOT_ENCRYPTED
    ),
    "Ed25519": lambda _: ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PKCS8, NOT_ENCRYPTED
    ),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_file_without_a_usable_rsa_key_is_an_error_that_tells_nothing_of_it(
    tmp_path: Path, key: rsa.RSAPrivateKey, kind: str
) -> None:
    pem = write(tmp_path, UNUSABLE[kind](key))

    with pytest.raises(SettingsError) as caught:
        CloudFront(bucket(), options(pem))

    text = "failed to decode private key as an rsa private key"
    assert str(caught.value).startswith(f"{text}: {pem}; ")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "root", ["/a b", "/a?b", "/a#b", "/a%20b", "/a+b", "/é", '/"', "/*", "/\\", "/a/../b"]
)
def test_a_root_directory_that_a_url_cannot_hold_is_an_error(pem: Path, root: str) -> None:
    with pytest.raises(SettingsError, match=r"^rootdirectory cannot be in a CloudFront URL"):
        CloudFront(bucket(root), options(pem))


@pytest.fixture
def other() -> StorageDriver:
    """Return a driver whose own keys CloudFront does not see: a middleware is before it."""
    return Middleware(bucket())


def test_over_another_driver_urls_are_its_own_and_a_warning_says_so(
    pem: Path, other: StorageDriver, caplog: pytest.LogCaptureFixture
) -> None:
    driver = CloudFront(other, options(pem))

    assert "does not support this backend storage driver" in caplog.text
    assert is_s3s_own(driver.url_for("/a", "HEAD", timedelta(seconds=7)))
    assert "X-Amz-Expires=7&" in driver.url_for("/a", "HEAD", timedelta(seconds=7))
    with pytest.raises(UnsupportedMethodError):
        driver.url_for("/a", "DELETE")


def test_over_a_driver_with_keys_there_is_no_warning(
    pem: Path, caplog: pytest.LogCaptureFixture
) -> None:
    CloudFront(bucket(), options(pem))

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_no_middleware_has_keys(pem: Path, other: StorageDriver) -> None:
    assert isinstance(bucket(), HasBucketKey)
    assert not isinstance(other, HasBucketKey)
    assert not isinstance(CloudFront(bucket(), options(pem)), HasBucketKey)


def test_over_another_driver_no_ranges_are_read(pem: Path, other: StorageDriver, stub: Any) -> None:
    with CloudFront(other, filtering(pem, stub)):
        assert not stub.requests


def filtering(pem: Path, stub: Any, by: str = "aws", **given: str) -> CloudFrontSettings:
    url = f"http://127.0.0.1:{stub.server_port}/ip-ranges.json"
    return options(pem, ipfilteredby=by, iprangesurl=url, **given)


INSIDE = ["192.0.2.1", "198.51.100.9", "2001:db8::5", "::ffff:192.0.2.1"]
OUTSIDE = ["203.0.113.1", "2001:db9::5", "", "nonsense", "192.0.2.1:80", None]


def test_a_client_at_amazon_gets_s3s_own_url_and_every_other_cloudfronts(
    pem: Path, stub: Any
) -> None:
    stub.answer(body=json.dumps(RANGES))

    with CloudFront(bucket(), filtering(pem, stub)) as driver:
        assert all(is_s3s_own(driver.url_for("/a", client=client)) for client in INSIDE)
        assert all(parsed(driver.url_for("/a", client=client)) for client in OUTSIDE)
        assert parsed(driver.url_for("/a"))


def test_only_clients_in_the_regions_get_s3s_own_url(pem: Path, stub: Any) -> None:
    stub.answer(body=json.dumps(RANGES))

    with CloudFront(bucket(), filtering(pem, stub, "awsregion", awsregion="us-EAST-1")) as driver:
        assert is_s3s_own(driver.url_for("/a", client="198.51.100.9"))
        assert parsed(driver.url_for("/a", client="192.0.2.1"))
        assert parsed(driver.url_for("/a", client="2001:db8::5"))


def test_regions_do_not_matter_when_all_of_amazon_is_asked_for(pem: Path, stub: Any) -> None:
    stub.answer(body=json.dumps(RANGES))

    with CloudFront(bucket(), filtering(pem, stub, awsregion="us-east-1")) as driver:
        assert is_s3s_own(driver.url_for("/a", client="192.0.2.1"))


def test_s3s_own_url_is_for_the_method_and_the_time_asked_for(pem: Path, stub: Any) -> None:
    stub.answer(body=json.dumps(RANGES))

    with CloudFront(bucket(), filtering(pem, stub)) as driver:
        url = driver.url_for("/a", "GET", timedelta(seconds=7), client="192.0.2.1")
        assert "X-Amz-Expires=7&" in url
        with pytest.raises(UnsupportedMethodError):
            driver.url_for("/a", "DELETE", client="192.0.2.1")


@pytest.mark.parametrize("body", ["", "{}", '{"prefixes": [{"ip_prefix": "nonsense"}]}'])
def test_without_ranges_all_clients_get_cloudfronts_url(pem: Path, stub: Any, body: str) -> None:
    stub.answer(body=body)

    with CloudFront(bucket(), filtering(pem, stub)) as driver:
        assert all(parsed(driver.url_for("/a", client=client)) for client in INSIDE)


@pytest.mark.parametrize("given", [{}, {"ipfilteredby": ""}, {"ipfilteredby": "none"}])
def test_without_filtering_no_ranges_are_read(pem: Path, stub: Any, given: dict[str, str]) -> None:
    url = f"http://127.0.0.1:{stub.server_port}/"

    with CloudFront(bucket(), options(pem, iprangesurl=url, **given)) as driver:
        assert parsed(driver.url_for("/a", client="192.0.2.1"))
    assert not stub.requests


def test_a_wrong_key_leaves_no_thread(tmp_path: Path, stub: Any) -> None:
    stub.answer(body=json.dumps(RANGES))
    before = threading.active_count()

    with pytest.raises(SettingsError):
        CloudFront(bucket(), filtering(tmp_path / "missing.pem", stub))

    assert threading.active_count() == before
    assert not stub.requests


def test_urls_are_made_on_after_close(pem: Path, stub: Any) -> None:
    stub.answer(body=json.dumps(RANGES))
    driver = CloudFront(bucket(), filtering(pem, stub))

    driver.close()

    assert is_s3s_own(driver.url_for("/a", client="192.0.2.1"))
    assert parsed(driver.url_for("/a", client="203.0.113.1"))


def test_32_threads_get_each_their_own_url(pem: Path, key: rsa.RSAPrivateKey, stub: Any) -> None:
    stub.answer(body=json.dumps(RANGES))

    def ask(number: int) -> bool:
        if number % 2:
            return is_s3s_own(driver.url_for(f"/{number}", client="192.0.2.1"))
        url = driver.url_for(f"/{number}", client="203.0.113.1")
        verify(key, url)
        return parsed(url)["key"] == f"some/root/{number}"

    often = filtering(pem, stub, updatefrequency="10ms")
    with CloudFront(bucket(), often) as driver, ThreadPoolExecutor(32) as pool:
        assert all(pool.map(ask, range(640)))
