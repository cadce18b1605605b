"""Checks of the S3 parameters that name a place: region, endpoints, signing."""

from urllib.parse import urlsplit

from config.regions import REGIONS
from config.values import ParameterError


def check_region(region: str, endpoint: str) -> None:
    """Refuse an unknown region, unless an endpoint says where the store is."""
    if endpoint:
        return
    if not region:
        raise ParameterError("No region parameter provided")
    if region not in REGIONS:
        raise ParameterError(f"Invalid region provided: {region}")


def check_v4auth(endpoint: str, *, v4auth: bool) -> None:
    """Refuse the old signature on Amazon S3, which does not take it."""
    if not v4auth and (not endpoint or "s3.amazonaws.com" in endpoint):
        raise ParameterError(
            "on Amazon S3 this storage driver can only be used with v4 authentication"
        )


def check_redirectendpoint(endpoint: str) -> None:
    """Refuse what cannot stand in front of a presigned URL: only scheme and host may."""
    try:
        url = urlsplit(endpoint)
    except ValueError:
        text = f"The redirectendpoint parameter is not a URL: {endpoint}"
        raise ParameterError(text) from None
    if not url.scheme:
        problem = "needs a scheme, such as https://"
    elif not url.hostname:
        problem = "needs a host, such as https://example.com"
    elif url.path not in {"", "/"}:
        problem = "must not have a path"
    elif url.query:
        problem = "must not have a query string"
    else:
        return
    raise ParameterError(f"The redirectendpoint parameter {problem}: {endpoint}")
