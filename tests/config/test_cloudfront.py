from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from config import CloudFrontSettings

GOOD: dict[str, Any] = {"baseurl": "example.com", "privatekey": "/k.pem", "keypairid": "test"}


def fault_of(**options: object) -> str:
    with pytest.raises(ValidationError) as caught:
        CloudFrontSettings(**{**GOOD, **options})
    return str(caught.value.errors()[0]["ctx"]["error"])


def test_what_is_not_given_has_the_registrys_defaults() -> None:
    settings = CloudFrontSettings(**GOOD)

    assert settings.baseurl == "https://example.com/"
    assert settings.duration == timedelta(minutes=20)
    assert settings.updatefrequency == timedelta(hours=12)
    assert settings.iprangesurl == "https://ip-ranges.amazonaws.com/ip-ranges.json"
    assert (settings.ipfilteredby, settings.awsregion) == ("none", ())


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://example.com", "http://example.com/"),
        ("https://example.com/a/", "https://example.com/a/"),
    ],
)
def test_a_base_url_gets_what_it_lacks(given: str, url: str) -> None:
    assert CloudFrontSettings(**GOOD | {"baseurl": given}).baseurl == url


def test_the_filter_and_its_regions_are_read_in_any_case() -> None:
    options = {"ipfilteredby": " AWSRegion ", "awsregion": "US-East-1, eu-west-1"}

    settings = CloudFrontSettings(**GOOD | options)

    assert settings.ipfilteredby == "awsregion"
    assert settings.awsregion == ("us-east-1", "eu-west-1")


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"baseurl": ""}, "no baseurl provided"),
        ({"baseurl": 1}, "baseurl must be a string"),
        ({"baseurl": "https://"}, "invalid baseurl"),
        ({"baseurl": "https://a:b"}, "invalid baseurl"),
        ({"baseurl": "ftp://example.com"}, "invalid baseurl"),
        ({"baseurl": "https://exämple.com"}, "invalid baseurl: it must be ASCII"),
        ({"baseurl": "https://example.com/?Policy=x"}, "must not have a query"),
        ({"privatekey": ""}, "no privatekey provided"),
        ({"privatekey": 1}, "privatekey must be a string"),
        ({"privatekey": "-----BEGIN RSA PRIVATE KEY-----"}, "path of a PEM file"),
        ({"keypairid": ""}, "no keypairid provided"),
        ({"keypairid": 1}, "keypairid must be a string"),
        ({"duration": "3000"}, "invalid duration: 3000"),
        ({"duration": "-1s"}, "invalid duration"),
        ({"duration": 3000}, "invalid duration: 3000"),
        ({"updatefrequency": "daily"}, "invalid updatefrequency"),
        ({"iprangesurl": 1}, "iprangesurl must be a string"),
        ({"iprangesurl": "file:///etc/passwd"}, "invalid iprangesurl"),
        ({"ipfilteredby": "azure"}, r"none|aws|awsregion"),
        ({"ipfilteredby": "awsregion"}, "awsRegion is not defined"),
        ({"awsregion": "a/b"}, "comma separated string of valid aws regions"),
    ],
)
def test_a_bad_option_has_its_named_fault(options: dict[str, object], fault: str) -> None:
    assert fault in fault_of(**options)
