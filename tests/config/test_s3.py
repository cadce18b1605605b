"""The S3 parameters have the registry's names, defaults, ranges and words."""

from typing import Any

import pytest
from pydantic import ValidationError

from config import S3Settings

MIB = 1024**2
GIB = 1024**3
ALL_CLASSES = (
    "NONE STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA "
    "INTELLIGENT_TIERING OUTPOSTS GLACIER_IR EXPRESS_ONEZONE"
)
ONLY_V4 = "on Amazon S3 this storage driver can only be used with v4 authentication"


def s3(**values: object) -> S3Settings:
    least: dict[str, Any] = {"bucket": "photos", "region": "eu-central-1"}
    return S3Settings.model_validate(least | values)


def faults(**values: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        s3(**values)
    return [str(fault["ctx"]["error"]) for fault in caught.value.errors()]


def test_the_defaults_are_the_registrys() -> None:
    given = s3()

    assert given.model_dump(exclude={"bucket", "region", "secretkey", "sessiontoken"}) == {
        "accesskey": "",
        "regionendpoint": "",
        "encrypt": False,
        "keyid": "",
        "secure": True,
        "v4auth": True,
        "chunksize": 10 * MIB,
        "multipartcopychunksize": 32 * MIB,
        "multipartcopymaxconcurrency": 100,
        "multipartcopythresholdsize": 32 * MIB,
        "rootdirectory": "",
        "storageclass": "STANDARD",
        "objectacl": "private",
        "forcepathstyle": None,
        "skipverify": False,
        "usedualstack": False,
        "accelerate": False,
        "usefipsendpoint": False,
        "useragent": "",
        "loglevel": "off",
        "redirectendpoint": "",
    }
    assert (given.secretkey.get_secret_value(), given.sessiontoken.get_secret_value()) == ("", "")


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("chunksize", 5 * MIB, 5 * GIB),
        ("multipartcopychunksize", 5 * MIB, 5 * GIB),
        ("multipartcopymaxconcurrency", 1, 2**63 - 1),
        ("multipartcopythresholdsize", 0, 5 * GIB),
    ],
)
def test_a_number_has_the_registrys_range(name: str, least: int, most: int) -> None:
    assert getattr(s3(**{name: least}), name) == least
    assert getattr(s3(**{name: most}), name) == most

    for number in (least - 1, most + 1):
        (only,) = faults(**{name: number})
        assert only == (
            f"The {name} {number} parameter should be a number "
            f"between {least} and {most} (inclusive)"
        )


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"region": ""}, "No region parameter provided"),
        ({"region": None}, "No region parameter provided"),
        ({"region": "eu-centrl-1"}, "Invalid region provided: eu-centrl-1"),
        ({"bucket": ""}, "No bucket parameter provided"),
        ({"bucket": None}, "No bucket parameter provided"),
        ({"encrypt": "maybe"}, "The encrypt parameter should be a boolean"),
        ({"forcepathstyle": "of"}, "The forcepathstyle parameter should be a boolean"),
        ({"chunksize": 6e6}, "invalid value for chunksize: 6000000.0"),
        ({"chunksize": "10MB"}, "chunksize parameter must be an integer, 10MB invalid"),
        (
            {"storageclass": "glacier"},
            f"The storageclass parameter must be one of [{ALL_CLASSES}], glacier invalid",
        ),
        (
            {"storageclass": 5},
            f"The storageclass parameter must be one of [{ALL_CLASSES}], 5 invalid",
        ),
        ({"objectacl": "Private"}, "Invalid value for objectacl parameter: Private"),
        ({"objectacl": ["private"]}, "Invalid value for objectacl parameter: ['private']"),
        ({"v4auth": False}, ONLY_V4),
        ({"v4auth": "f", "regionendpoint": "https://s3.amazonaws.com"}, ONLY_V4),
    ],
)
def test_a_bad_value_is_refused_in_the_registrys_words(
    values: dict[str, object], text: str
) -> None:
    assert faults(**values) == [text]


@pytest.mark.parametrize("word", ["auto", "AUTO"])
def test_the_size_of_a_copied_part_may_be_left_to_the_object(word: str) -> None:
    assert s3(multipartcopychunksize=word).multipartcopychunksize == "auto"
    assert faults(chunksize=word) == [f"chunksize parameter must be an integer, {word} invalid"]


def test_all_faults_are_found_at_once() -> None:
    found = faults(region="", bucket="", v4auth=False, chunksize=5, loglevel=5, objectacl="")

    assert len(found) == 5


@pytest.mark.parametrize("region", ["", "anywhere"])
def test_an_endpoint_needs_no_known_region(region: str) -> None:
    assert s3(region=region, regionendpoint="http://store:8333").region == region


def test_a_faulty_endpoint_is_the_only_fault_reported() -> None:
    found = faults(regionendpoint=["a"], region="", v4auth=False)

    assert found == ["The regionendpoint parameter should be a string; put the value in quotes"]


def test_another_store_may_take_the_old_signature() -> None:
    assert s3(v4auth=False, regionendpoint="http://store:8333").v4auth is False


@pytest.mark.parametrize("name", ALL_CLASSES.split())
def test_a_storage_class_may_be_in_any_case(name: str) -> None:
    assert s3(storageclass=name.lower()).storageclass == name


@pytest.mark.parametrize(
    "acl",
    [
        "private",
        "public-read",
        "public-read-write",
        "authenticated-read",
        "aws-exec-read",
        "bucket-owner-read",
        "bucket-owner-full-control",
    ],
)
def test_every_canned_acl_is_taken(acl: str) -> None:
    assert s3(objectacl=acl).objectacl == acl


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("Debug", "debug"),
        ("debugWithSigning", "debugwithsigning"),
        ("debugwithhttpbody", "debugwithhttpbody"),
        ("debugwithrequestretries", "debugwithrequestretries"),
        ("debugwithrequesterrors", "debugwithrequesterrors"),
        ("debugwitheventstreambody", "debugwitheventstreambody"),
        ("verbose", "off"),
        ("", "off"),
        (True, "off"),
        (False, "off"),
        (["debug"], "off"),
    ],
)
def test_an_unknown_log_level_is_off(value: object, level: str) -> None:
    assert s3(loglevel=value).loglevel == level


@pytest.mark.parametrize("url", ["", "https://cdn.example.com", "http://cdn:8080/"])
def test_a_redirect_endpoint_is_scheme_and_host(url: str) -> None:
    assert s3(redirectendpoint=url).redirectendpoint == url


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("cdn.example.com", "needs a scheme, such as https://"),
        ("//cdn.example.com", "needs a scheme, such as https://"),
        ("https://", "needs a host, such as https://example.com"),
        ("https:///base", "needs a host, such as https://example.com"),
        ("https://cdn/base", "must not have a path"),
        ("https://cdn?a=b", "must not have a query string"),
    ],
)
def test_a_redirect_endpoint_is_nothing_more(url: str, problem: str) -> None:
    assert faults(redirectendpoint=url) == [f"The redirectendpoint parameter {problem}: {url}"]


@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ({}, (None, None)),
        ({"keyid": "k"}, (None, None)),
        ({"encrypt": True}, ("AES256", None)),
        ({"encrypt": True, "keyid": "k"}, ("aws:kms", "k")),
    ],
)
def test_a_key_is_sent_only_where_s3_encrypts(
    values: dict[str, object], sent: tuple[str | None, str | None]
) -> None:
    assert s3(**values).sse() == sent


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ValidationError, match="chunksise"):
        s3(chunksise=5)


def test_the_parameters_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        s3().bucket = "other"  # type: ignore[misc]  # what mypy forbids is tried


def test_every_parameter_is_described() -> None:
    assert all(field.description for field in S3Settings.model_fields.values())
