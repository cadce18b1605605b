"""Checks of the S3 parameters that name a place: region, endpoints, bucket, signing."""

import re
from urllib.parse import SplitResult, urlsplit

from config.regions import REGIONS
from config.values import ParameterError

# What botocore takes, so that it is told at the start and by its name (botocore 1.44, 2026-11).
_REGION = re.compile(r"(?![0-9]+\Z)(?!-)[a-zA-Z0-9-]{1,63}(?<!-)")
_HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9]+)?")
_BUCKET = re.compile(r"[a-zA-Z0-9.\-_]{1,255}|arn:[^/]+:.+")


def check_region(region: str, endpoint: str) -> None:
    """Refuse an unknown region, unless an endpoint says where the store is."""
    if endpoint and (not region or _REGION.fullmatch(region)):
        return
    if not region:
        raise ParameterError("No region parameter provided")
    if endpoint or region not in REGIONS:
        raise ParameterError(f"Invalid region provided: {region}")


def check_bucket(bucket: str) -> None:
    if not bucket:
        raise ParameterError("No bucket parameter provided")
    if not _BUCKET.fullmatch(bucket):
        raise ParameterError(
            f"Invalid bucket provided: {bucket}; it should be a name of letters, digits and "
            ".-_, or an ARN"
        )


def check_v4auth(endpoint: str, *, v4auth: bool) -> None:
    """Refuse the old signature on Amazon S3, which does not take it."""
    if not v4auth and (not endpoint or "s3.amazonaws.com" in endpoint):
        raise ParameterError(
            "on Amazon S3 this storage driver can only be used with v4 authentication"
        )


def check_accelerate(endpoint: str, *, accelerate: bool) -> None:
    """Refuse to speed up another store than Amazon's."""
    if accelerate and endpoint:
        raise ParameterError("The accelerate parameter cannot be used with a regionendpoint")


def check_fips(*, fips: bool, accelerate: bool) -> None:
    if fips and accelerate:
        raise ParameterError("The usefipsendpoint parameter cannot be used with accelerate")


def check_regionendpoint(endpoint: str) -> None:
    """Refuse what is no address of a store; a host alone is one."""
    url = _url("regionendpoint", endpoint if "://" in endpoint else f"https://{endpoint}")
    if url.query:
        raise ParameterError(f"The regionendpoint parameter must not have a query: {endpoint}")


def check_redirectendpoint(endpoint: str) -> None:
    """Refuse what cannot stand in front of a presigned URL: only scheme and host may."""
    if "://" not in endpoint:
        raise ParameterError(
            f"The redirectendpoint parameter needs a scheme, such as https://: {endpoint}"
        )
    url = _url("redirectendpoint", endpoint)
    if url.path not in {"", "/"}:
        problem = "must not have a path"
    elif url.query:
        problem = "must not have a query string"
    else:
        return
    raise ParameterError(f"The redirectendpoint parameter {problem}: {endpoint}")


def _url(name: str, text: str) -> SplitResult:
    """Return the URL's pieces; the error of one with a user does not tell the password."""
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        raise ParameterError(f"The {name} parameter has an invalid host or port") from None
    if url.username is not None:
        raise ParameterError(f"The {name} parameter must not have a user or a password")
    if not text.isascii() or " " in text:
        problem = "must be ASCII, without spaces"
    elif url.scheme not in {"http", "https"}:
        problem = "needs http:// or https://"
    elif not url.hostname:
        problem = "needs a host, such as https://example.com"
    elif not _HOST.fullmatch(url.hostname):
        problem = "needs a host of letters, digits, dots and hyphens, or an address"
    elif url.fragment:
        problem = "must not have a fragment"
    else:
        return url
    raise ParameterError(f"The {name} parameter {problem}: {text}")
