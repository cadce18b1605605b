import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from config import S3Settings
from driver import AccessDenied, Location, Rejected, head, make_client


def config_of(settings: S3Settings, connections: int | None = None) -> Any:
    """Return botocore's configuration, whose stubs hide its options."""
    return make_client(settings, connections).meta.config


def url(settings: S3Settings) -> str:
    client = make_client(settings)
    signed = client.generate_presigned_url("get_object", Params={"Bucket": "buck", "Key": "k"})
    return signed.split("?")[0]


def settings(**parameters: object) -> S3Settings:
    keys = {"bucket": "buck", "accesskey": "AK", "secretkey": "SK-very-secret"}
    return S3Settings.model_validate({"region": "eu-west-1", **keys, **parameters})


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "https://buck.s3.eu-west-1.amazonaws.com/k"),
        ({"forcepathstyle": True}, "https://s3.eu-west-1.amazonaws.com/buck/k"),
        ({"regionendpoint": "s3.local:9000"}, "https://s3.local:9000/buck/k"),
        ({"regionendpoint": "s3.local", "secure": False}, "http://s3.local/buck/k"),
        ({"regionendpoint": "http://s3.local", "secure": True}, "http://s3.local/buck/k"),
        (
            {"regionendpoint": "http://s3.local", "forcepathstyle": False},
            "http://buck.s3.local/k",
        ),
        ({"usedualstack": True}, "https://buck.s3.dualstack.eu-west-1.amazonaws.com/k"),
        ({"accelerate": True}, "https://buck.s3-accelerate.amazonaws.com/k"),
        (
            {"usefipsendpoint": True, "region": "us-east-1"},
            "https://buck.s3-fips.us-east-1.amazonaws.com/k",
        ),
    ],
)
def test_the_settings_decide_the_url(parameters: dict[str, object], expected: str) -> None:
    assert url(settings(**parameters)) == expected


def test_the_old_signature_is_used_on_demand() -> None:
    client = make_client(settings(regionendpoint="http://s3.local", v4auth=False))

    signed = client.generate_presigned_url("get_object", Params={"Bucket": "buck", "Key": "k"})

    assert "AWSAccessKeyId=" in urlsplit(signed).query


def test_a_client_has_a_connection_for_every_copy_and_waits_for_long_ones() -> None:
    config = config_of(settings(multipartcopymaxconcurrency=7))

    assert config.max_pool_connections == 7
    assert config.read_timeout >= 600
    assert config_of(settings(), connections=3).max_pool_connections == 3


def test_who_waits_for_answers_waits_no_longer_for_a_connection() -> None:
    config = make_client(settings(), read_timeout=2.0).meta.config

    assert (config.connect_timeout, config.read_timeout) == (2.0, 2.0)  # type: ignore[attr-defined]  # the stubs lack them


def test_a_concurrency_without_end_takes_no_memory() -> None:
    assert config_of(settings(multipartcopymaxconcurrency=2**63 - 1)).max_pool_connections == 1000


def test_a_token_that_cannot_be_sent_is_in_no_error(stub_settings: S3Settings) -> None:
    update = {"sessiontoken": SecretStr("hunter2\r")}
    client = make_client(stub_settings.model_copy(update=update))

    with pytest.raises(Rejected, match="line break") as caught:
        head(client, Location("buck", "k"))

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("endpoint", "expected"), [("", "when_supported"), ("http://s3.local", "when_required")]
)
def test_third_party_stores_get_only_checksums_they_ask_for(endpoint: str, expected: str) -> None:
    config = config_of(settings(regionendpoint=endpoint))

    assert config.request_checksum_calculation == expected
    assert config.response_checksum_validation == expected


def test_the_user_agent_is_appended() -> None:
    config = config_of(settings(useragent="registry/3"))

    assert config.user_agent.startswith("Boto3/")
    assert config.user_agent.endswith("registry/3")


def test_one_key_alone_leaves_the_credentials_to_the_chain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "from-the-chain")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    alone = make_client(settings(secretkey=""))
    both = make_client(settings(sessiontoken="token"))

    assert alone._request_signer._credentials.access_key == "from-the-chain"  # type: ignore[attr-defined]  # no public way to see them
    assert both._request_signer._credentials.access_key == "AK"  # type: ignore[attr-defined]  # ditto
    assert both._request_signer._credentials.token == "token"  # type: ignore[attr-defined]  # ditto


@pytest.mark.parametrize("v4auth", [True, False])
def test_no_secret_is_in_a_repr_or_a_log_or_an_error(
    stub: Any, stub_settings: S3Settings, caplog: pytest.LogCaptureFixture, *, v4auth: bool
) -> None:
    secrets = {"secretkey": SecretStr("very-secret"), "sessiontoken": SecretStr("very-secret")}
    given = stub_settings.model_copy(update={"v4auth": v4auth, **secrets})
    stub.answer(403)

    with caplog.at_level(logging.DEBUG):
        client = make_client(given)
        with pytest.raises(AccessDenied) as caught:
            head(client, Location("bucket", "a"))

    assert "HEAD /bucket/a" in caplog.text
    seen = repr(client) + repr(given) + repr(client.meta.config) + caplog.text
    assert "very-secret" not in seen + str(caught.value) + repr(caught.value)
