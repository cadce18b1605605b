"""The registry's CloudFront middleware: URLs of a distribution instead of the bucket's."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable
from urllib.parse import quote

from botocore.signers import CloudFrontSigner
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from config import CloudFrontSettings, SettingsError
from driver.base import URL_EXPIRY, StorageDriver
from driver.errors import InvalidPathError
from driver.ip_refresh import RefreshedRanges
from driver.middleware import Middleware
from driver.paths import check_path, has_dots

logger = logging.getLogger(__name__)

UNCHANGED = "/!$&'(),;=:@"
"""What a key may have besides letters, digits and `-._~`, as it is put in a URL unescaped."""


@runtime_checkable
class HasBucketKey(Protocol):
    """
    A driver whose files are objects of a bucket.

    No middleware has it: as in the registry, none may be between CloudFront and such a driver.
    """

    def bucket_key(self, path: str) -> str:
        """Return the key of a file: with the root directory, without a slash before it."""


class CloudFront(Middleware):
    """
    Makes `url_for` give signed URLs of a CloudFront distribution; all else is the inner driver's.

    Raises `SettingsError` if the private key is no RSA key in PEM, or the root directory has
    characters that a URL cannot. `close` it where clients are filtered by their addresses.
    """

    def __init__(self, inner: StorageDriver, settings: CloudFrontSettings) -> None:
        super().__init__(inner)
        self._baseurl = settings.baseurl
        self._duration = settings.duration
        self._signer = CloudFrontSigner(settings.keypairid, _rsa_sha1(settings.privatekey))
        self._keys = inner if isinstance(inner, HasBucketKey) else None
        if self._keys is None:
            logger.warning(
                "the CloudFront middleware does not support this backend storage driver: %s; "
                "URLs are this driver's own",
                inner.name,
            )
        else:
            _refuse_what_urls_cannot_hold(self._keys)
        self._ranges = _ranges(settings) if self._keys else None

    def url_for(
        self,
        path: str,
        method: str = "GET",
        expires: timedelta = URL_EXPIRY,
        *,
        client: str | None = None,
    ) -> str:
        """
        Return a CloudFront URL, or the inner driver's if `ipfilteredby` says so of the client.

        As in the registry, `method` and `expires` are
        the inner driver's alone: CloudFront's URLs are for what the distribution allows, and for
        `duration`.
        """
        if self._keys is None or (self._ranges and client in self._ranges):
            return self._inner.url_for(path, method, expires)
        with self._named():
            key = self._keys.bucket_key(check_path(path))
            if has_dots(key):  # clients resolve them, and ask for another (RFC 3986, 5.2.4)
                raise InvalidPathError(path)
        until = datetime.now(UTC) + self._duration
        return self._signer.generate_presigned_url(self._baseurl + key, date_less_than=until)

    def close(self) -> None:
        """Stop reading the address ranges again; URLs are made on."""
        if self._ranges:
            self._ranges.close()
        super().close()


class _Signs(Protocol):
    def __call__(self, message: bytes) -> bytes: ...


def _rsa_sha1(privatekey: str) -> _Signs:
    """Return what CloudFront signs with: RSA PKCS#1 v1.5 over SHA-1, for each canned policy."""
    key = _load(privatekey)

    def sign(message: bytes) -> bytes:
        return key.sign(message, PKCS1v15(), SHA1())  # noqa: S303 - CloudFront takes no other

    return sign


def _load(privatekey: str) -> RSAPrivateKey:
    try:
        content = Path(privatekey).read_bytes()
    except (OSError, ValueError) as error:
        raise SettingsError([f"failed to read privatekey file: {error}"]) from error
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, RSAPrivateKey):
        return key
    # Without a cause: its text may tell of the key.
    fault = f"failed to decode private key as an rsa private key: {privatekey}"
    raise SettingsError([f"{fault}; it should be a PEM file (PKCS#1 or PKCS#8), not encrypted"])


def _refuse_what_urls_cannot_hold(keys: HasBucketKey) -> None:
    key = keys.bucket_key("/a")
    if quote(key, safe=UNCHANGED) != key or has_dots(key):
        fault = f"rootdirectory cannot be in a CloudFront URL, unescaped as it is: {key[:-1]}"
        raise SettingsError([f"{fault}; use letters, digits and -._~{UNCHANGED} only"])


def _ranges(settings: CloudFrontSettings) -> RefreshedRanges | None:
    if settings.ipfilteredby == "none":
        return None
    regions = settings.awsregion if settings.ipfilteredby == "awsregion" else ()
    return RefreshedRanges(settings.iprangesurl, settings.updatefrequency, regions)
