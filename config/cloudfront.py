"""The options of the registry's CloudFront middleware, under its names and with its defaults."""

import re
from datetime import timedelta
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from config.durations import Duration
from config.values import ParameterError, Parameters

# Names and rules: distribution's cloudfront middleware at 0d6b721dc3, 2026-08.
IpFilter = Literal["none", "aws", "awsregion"]
_IP_FILTERS = get_args(IpFilter)

_KEYPAIRID = re.compile(r"[A-Za-z0-9_-]+")
_REGION = re.compile(r"[a-z0-9-]+")


def _string(value: object, info: ValidationInfo) -> str:
    if not isinstance(value, str):
        raise ParameterError(f"{info.field_name} must be a string; put the value in quotes")
    return value


def _required(value: object, info: ValidationInfo) -> str:
    text = _string(value, info)
    if not text:
        raise ParameterError(f"no {info.field_name} provided")
    return text


def _ipfilteredby(value: object) -> str:
    name = (value.strip().lower() or "none") if isinstance(value, str) else ""
    if name not in _IP_FILTERS:
        raise ParameterError(
            f"ipfilteredby only allows a string with the following value: {'|'.join(_IP_FILTERS)}"
        )
    return name


def _awsregion(value: object) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if isinstance(names, tuple | list) and not isinstance(value, list):
        regions = tuple(name for text in names if (name := str(text).strip().lower()))
        # Names of a shape, not of a list: Amazon's ranges have regions that no client knows yet.
        if all(map(_REGION.fullmatch, regions)):
            return regions
    raise ParameterError("awsRegion must be a comma separated string of valid aws regions")


def _check_url(name: str, url: str) -> None:
    """Refuse what is no URL of HTTP with a host; the text never echoes it, it may be signed."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ParameterError(f"invalid {name}: it must be ASCII, without spaces")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ParameterError(f"invalid {name}: it has an invalid host or port") from None
    if parts.username is not None or parts.fragment:
        raise ParameterError(f"invalid {name}: it must not have a user, a password or a fragment")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ParameterError(
            f"invalid {name}: it needs http:// or https:// and a host, "
            "such as https://abc.cloudfront.net/"
        )


class CloudFrontSettings(Parameters):
    """Where CloudFront is, how its URLs are signed, and who gets S3's own instead."""

    baseurl: Annotated[str, BeforeValidator(_required)] = Field(default="", validate_default=True)
    """The URL of the CloudFront distribution. No scheme: https://."""

    privatekey: Annotated[str, BeforeValidator(_required)] = Field(
        default="", validate_default=True
    )
    """The path of the PEM file with the RSA key that signs; only what signs reads it."""

    keypairid: Annotated[str, BeforeValidator(_required)] = Field(default="", validate_default=True)
    """The id that CloudFront gave to the public key of `privatekey`."""

    duration: Duration = timedelta(minutes=20)
    """How long a signed URL is valid."""

    updatefrequency: Duration = timedelta(hours=12)
    """How often Amazon's address ranges are read again."""

    iprangesurl: Annotated[str, BeforeValidator(_string)] = (
        "https://ip-ranges.amazonaws.com/ip-ranges.json"
    )
    """Where Amazon's address ranges are read from."""

    ipfilteredby: Annotated[IpFilter, BeforeValidator(_ipfilteredby)] = "none"
    """Which clients get S3's own URLs: none, those at Amazon, or those in `awsregion`."""

    awsregion: Annotated[tuple[str, ...], BeforeValidator(_awsregion)] = Field(
        default=(), validate_default=True
    )
    """The regions of `ipfilteredby: awsregion`, separated by commas, in any case."""

    @field_validator("baseurl")
    @classmethod
    def _base_is_a_url(cls, url: str) -> str:
        url = url if "://" in url else f"https://{url}"
        url = url if url.endswith("/") else f"{url}/"
        _check_url("baseurl", url)
        if "?" in url:
            raise ParameterError("invalid baseurl: it must not have a query, keys come behind it")
        return url

    @field_validator("keypairid")
    @classmethod
    def _id_is_one(cls, keypairid: str) -> str:
        if not _KEYPAIRID.fullmatch(keypairid):
            raise ParameterError(
                "invalid keypairid: it should be an id such as K2JCJMDEHXQW5F, "
                "of letters, digits, - and _"
            )
        return keypairid

    @field_validator("privatekey")
    @classmethod
    def _key_is_a_path(cls, path: str) -> str:
        if "-----BEGIN" in path:
            raise ParameterError("privatekey must be the path of a PEM file, not what is in it")
        return path

    @field_validator("iprangesurl")
    @classmethod
    def _ranges_are_at_a_url(cls, url: str) -> str:
        _check_url("iprangesurl", url)
        return url

    @field_validator("awsregion")
    @classmethod
    def _regions_are_given(cls, regions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if info.data.get("ipfilteredby") == "awsregion" and not regions:
            raise ParameterError("awsRegion is not defined")
        return regions
