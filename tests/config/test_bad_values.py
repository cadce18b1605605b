"""Every parameter of S3 and CloudFront refuses a bad value by the name that the user typed."""

from pathlib import Path

import pytest

from config import CloudFrontSettings, S3Settings, SettingsError, load

NOT_TEXT = "parameter should be a string; put the value in quotes"
CONTROL = "parameter must not have control characters, such as line breaks"
NOT_BOOLEAN = "parameter should be a boolean"
NOT_DURATION = (
    "it should be above 0, at most 292 years, "
    "and have a unit (ns, us, ms, s, m or h), such as 3000s"
)
MIB5, GIB5 = 5 * 1024**2, 5 * 1024**3

LONG_COMMENT = "20m how long each of the URLs is valid, in seconds 1200"
"""A pattern that goes back would need hours for it."""

S3 = [
    ("accesskey", "[hunter2]", f"The accesskey {NOT_TEXT}"),
    ("secretkey", "[hunter2]", f"The secretkey {NOT_TEXT}"),
    ("sessiontoken", "{hunter2: x}", f"The sessiontoken {NOT_TEXT}"),
    ("sessiontoken", '"hunter2\\rx"', f"The sessiontoken {CONTROL}"),
    ("secretkey", "|\n      hunter2\n      hunter3", f"The secretkey {CONTROL}"),
    ("useragent", '"a\\nb"', f"The useragent {CONTROL}"),
    ("regionendpoint", "[s3.local]", f"The regionendpoint {NOT_TEXT}"),
    (
        "regionendpoint",
        "http://",
        "The regionendpoint parameter needs a host, such as https://example.com: http://",
    ),
    (
        "regionendpoint",
        "ftp://h",
        "The regionendpoint parameter needs http:// or https://: ftp://h",
    ),
    (
        "regionendpoint",
        "h x",
        "The regionendpoint parameter must be ASCII, without spaces: https://h x",
    ),
    (
        "regionendpoint",
        "my_minio:9000",
        (
            "The regionendpoint parameter needs a host of letters, digits, dots and hyphens, "
            "or an address: https://my_minio:9000"
        ),
    ),
    ("regionendpoint", "h:99999", "The regionendpoint parameter has an invalid host or port"),
    (
        "regionendpoint",
        "http://user:hunter2@h",
        "The regionendpoint parameter must not have a user or a password",
    ),
    (
        "regionendpoint",
        "http://h?a=b",
        "The regionendpoint parameter must not have a query: http://h?a=b",
    ),
    ("region", "us east", "Invalid region provided: us east"),
    (
        "bucket",
        "a/b",
        "Invalid bucket provided: a/b; it should be a name of letters, digits and .-_, or an ARN",
    ),
    ("region", "us-est-1", "Invalid region provided: us-est-1"),
    ("region", "''", "No region parameter provided"),
    ("bucket", "''", "No bucket parameter provided"),
    ("bucket", "~", "No bucket parameter provided"),
    ("encrypt", "1.5", f"The encrypt {NOT_BOOLEAN}"),
    ("keyid", "[k]", f"The keyid {NOT_TEXT}"),
    ("secure", "nope", f"The secure {NOT_BOOLEAN}"),
    ("v4auth", "2", f"The v4auth {NOT_BOOLEAN}"),
    ("v4auth", "false", "on Amazon S3 this storage driver can only be used with v4 authentication"),
    ("chunksize", "5MB", "chunksize parameter must be an integer, 5MB invalid"),
    (
        "chunksize",
        "5242879",
        f"The chunksize 5242879 parameter should be a number between {MIB5} and {GIB5} (inclusive)",
    ),
    (
        "multipartcopychunksize",
        "true",
        "multipartcopychunksize parameter must be an integer, true invalid",
    ),
    (
        "multipartcopymaxconcurrency",
        "0",
        (
            "The multipartcopymaxconcurrency 0 parameter should be a number "
            f"between 1 and {2**63 - 1} (inclusive)"
        ),
    ),
    (
        "multipartcopythresholdsize",
        "-1",
        (
            "The multipartcopythresholdsize -1 parameter should be a number "
            f"between 0 and {GIB5} (inclusive)"
        ),
    ),
    ("rootdirectory", "[/a]", f"The rootdirectory {NOT_TEXT}"),
    (
        "storageclass",
        "glacier",
        (
            "The storageclass parameter must be one of [NONE STANDARD REDUCED_REDUNDANCY "
            "STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING OUTPOSTS GLACIER_IR "
            "EXPRESS_ONEZONE], glacier invalid"
        ),
    ),
    ("objectacl", "Private", "Invalid value for objectacl parameter: Private"),
    ("forcepathstyle", "2", f"The forcepathstyle {NOT_BOOLEAN}"),
    ("skipverify", "2", f"The skipverify {NOT_BOOLEAN}"),
    ("usedualstack", "2", f"The usedualstack {NOT_BOOLEAN}"),
    ("accelerate", "2", f"The accelerate {NOT_BOOLEAN}"),
    ("usefipsendpoint", "2", f"The usefipsendpoint {NOT_BOOLEAN}"),
    ("useragent", "{off: on}", f"The useragent {NOT_TEXT}"),
    (
        "redirectendpoint",
        "cdn.example.com",
        "The redirectendpoint parameter needs a scheme, such as https://: cdn.example.com",
    ),
]

CLOUDFRONT = [
    ("baseurl", "~", "no baseurl provided"),
    ("baseurl", "[x.net]", "baseurl must be a string; put the value in quotes"),
    ("baseurl", "'http://[a'", "invalid baseurl: it has an invalid host or port"),
    ("privatekey", "''", "no privatekey provided"),
    ("privatekey", "[/a.pem]", "privatekey must be a string; put the value in quotes"),
    ("keypairid", "''", "no keypairid provided"),
    ("keypairid", "[k]", "keypairid must be a string; put the value in quotes"),
    (
        "keypairid",
        "a&b",
        "invalid keypairid: it should be an id such as K2JCJMDEHXQW5F, of letters, digits, - and _",
    ),
    (
        "baseurl",
        "x.net/?Policy=y",
        "invalid baseurl: it must not have a query, keys come behind it",
    ),
    (
        "baseurl",
        "'https://x.net/#a'",
        "invalid baseurl: it must not have a user, a password or a fragment",
    ),
    (
        "iprangesurl",
        "http://user:hunter2@h",
        "invalid iprangesurl: it must not have a user, a password or a fragment",
    ),
    ("duration", LONG_COMMENT, f"invalid duration: {LONG_COMMENT}; {NOT_DURATION}"),
    ("duration", "3000", f"invalid duration: 3000; {NOT_DURATION}"),
    ("duration", "0s", f"invalid duration: 0s; {NOT_DURATION}"),
    ("updatefrequency", "1d", f"invalid updatefrequency: 1d; {NOT_DURATION}"),
    ("updatefrenquency", "1d", f"invalid updatefrequency: 1d; {NOT_DURATION}"),
    ("iprangesurl", "[a]", "iprangesurl must be a string; put the value in quotes"),
    (
        "ipfilteredby",
        "azure",
        "ipfilteredby only allows a string with the following value: none|aws|awsregion",
    ),
    ("awsregion", "[a]", "awsRegion must be a comma separated string of valid aws regions"),
    ("awsregion", "us east", "awsRegion must be a comma separated string of valid aws regions"),
]


def faults(path: Path, s3: dict[str, str], cloudfront: dict[str, str]) -> list[str]:
    """Load a registry's file with these parameters, all good but one."""
    options = {"baseurl": "x.net", "privatekey": "/k", "keypairid": "k"} | cloudfront
    parameters = {"region": "us-east-1", "bucket": "photos"} | s3
    path.write_text(
        "storage:\n  s3:\n"
        + "".join(f"    {name}: {value}\n" for name, value in parameters.items())
        + "middleware:\n  storage:\n  - name: cloudfront\n    options:\n"
        + "".join(f"      {name}: {value}\n" for name, value in options.items())
    )
    with pytest.raises(SettingsError) as caught:
        load({"REGISTRY_CONFIGURATION_PATH": str(path)})
    return caught.value.faults


@pytest.mark.parametrize(("name", "value", "text"), S3)
def test_a_bad_s3_parameter_has_its_named_fault(
    tmp_path: Path, name: str, value: str, text: str
) -> None:
    path = tmp_path / "config.yml"

    assert faults(path, {name: value}, {}) == [f"storage.s3.{name} in {path}: {text}"]


@pytest.mark.parametrize(("name", "value", "text"), CLOUDFRONT)
def test_a_bad_cloudfront_option_has_its_named_fault(
    tmp_path: Path, name: str, value: str, text: str
) -> None:
    path = tmp_path / "config.yml"

    assert faults(path, {}, {name: value}) == [
        f"middleware.storage[0].options.{name} in {path}: {text}"
    ]


def test_no_parameter_is_left_out() -> None:
    anything = {"loglevel"}  # every other word of it means off

    assert {name for name, *_ in S3} | anything == set(S3Settings.model_fields)
    assert {name for name, *_ in CLOUDFRONT} >= set(CloudFrontSettings.model_fields)
