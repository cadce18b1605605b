"""The settings beside S3: defaults, order of the times, broker and buckets."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config import S3Settings, Settings

Loaded = Callable[..., Settings]
Faults = Callable[..., list[str]]


def test_the_defaults_are_the_documented_ones(loaded: Loaded) -> None:
    given = loaded()

    assert given.broker_url.get_secret_value() == "redis://localhost:6379/0"
    assert given.buckets == {"photos"}
    assert given.model_dump(exclude={"s3", "broker_url", "buckets"}) == {
        "cloudfront": None,
        "bucket_owners": {},
        "customer_keys": {},
        "confine": False,
        "verify": "auto",
        "part_lease": 20,
        "visibility_timeout": 60,
        "sweep_grace": 90,
        "sweep_interval": 60,
        "attempts": 5,
        "record_ttl": 604800,
        "concurrency": 32,
        "request_path": "lean",
        "callback_queues": frozenset(),
        "callback_attempts": 12,
        "webhook_hosts": frozenset(),
        "webhook_secret": SecretStr(""),
        "webhook_private": False,
        "health_file": None,
        "metrics_address": None,
        "log_format": "text",
    }


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_settings_are_frozen(loaded: Loaded) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        loaded().attempts = 6  # type: ignore[misc]  # what mypy forbids is tried


def test_a_program_may_build_the_settings_itself() -> None:
    built = Settings(s3=S3Settings(bucket="photos", region="eu-central-1"), attempts=2)

    assert built.buckets == {"photos"}
    assert built.attempts == 2


def test_each_setting_is_read_from_its_variable(loaded: Loaded) -> None:
    given = loaded(VERIFY="read", PART_LEASE="1.5", ATTEMPTS="0x10", HEALTH_FILE="/run/up")

    assert (given.verify, given.part_lease, given.attempts) == ("read", 1.5, 16)
    assert given.health_file == Path("/run/up")


@pytest.mark.parametrize(
    ("times", "label", "text"),
    [
        (
            {"PART_LEASE": "60"},
            "S3MOVER_VISIBILITY_TIMEOUT",
            "The visibility_timeout 60 must be above the part_lease 60",
        ),
        (
            {"SWEEP_GRACE": "50"},
            "S3MOVER_SWEEP_GRACE",
            "The sweep_grace 50 must be above the visibility_timeout 60",
        ),
        (
            {"RECORD_TTL": "90"},
            "S3MOVER_RECORD_TTL",
            "The record_ttl 90 must be above the sweep_grace 90",
        ),
    ],
)
def test_the_times_stand_in_order(
    faults: Faults, times: dict[str, str], label: str, text: str
) -> None:
    order = "(part_lease < visibility_timeout < sweep_grace < record_ttl)"

    assert faults(**times) == [f"{label}: {text} {order}"]


def test_a_faulty_time_is_not_compared(faults: Faults) -> None:
    (only,) = faults(PART_LEASE="soon")

    assert only.startswith("S3MOVER_PART_LEASE: The part_lease parameter should be a number")


@pytest.mark.parametrize(
    "name", ["VISIBILITY_TIMEOUT", "SWEEP_GRACE", "SWEEP_INTERVAL", "ATTEMPTS", "RECORD_TTL"]
)
def test_a_count_is_at_least_one(faults: Faults, name: str) -> None:
    (first, *_) = faults(**{name: "0"})

    assert first.startswith(f"S3MOVER_{name}: The {name.lower()} 0 parameter should be a number")


def test_a_way_to_verify_is_one_of_four(faults: Faults) -> None:
    assert faults(VERIFY="") == [
        "S3MOVER_VERIFY: Input should be 'auto', 'checksum', 'read' or 'size'"
    ]


@pytest.mark.parametrize(
    "url",
    [
        "redis://:pass@redis:6379/0",
        "rediss://redis",
        "sentinel://:pass@one:26379;sentinel://two/0?master_name=moves",
    ],
)
def test_the_broker_is_a_redis(loaded: Loaded, url: str) -> None:
    assert loaded(BROKER_URL=url).broker_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url", ["", "redis", "amqp://u:hunter2@mq", "unix:///redis.sock", "redis://a;redis://b"]
)
def test_another_broker_is_refused(faults: Faults, url: str) -> None:
    (only,) = faults(BROKER_URL=url)

    assert only == (
        "S3MOVER_BROKER_URL: The broker_url parameter must be one URL "
        "that starts with redis:// or rediss://, or sentinel://"
    )


def test_sentinels_need_to_be_told_their_primary_s_name(faults: Faults) -> None:
    (only,) = faults(BROKER_URL="sentinel://:hunter2@one;sentinel://two/0")

    assert "must name the primary as its Sentinels do: …/0?master_name=mymaster" in only
    assert "hunter2" not in only


@pytest.mark.parametrize("url", ["redis://:hunter2/x@redis", "redis://[::1", "redis://h:99999"])
def test_a_broker_url_that_cannot_be_taken_apart_is_refused(faults: Faults, url: str) -> None:
    (only,) = faults(BROKER_URL=url)

    assert "percent-encode special characters of the password" in only


@pytest.mark.parametrize(
    "text", ["one,two", " one , two,", '["one", "two"]', ' ["two","one","one"]']
)
def test_buckets_are_separated_by_commas_or_a_json_list(loaded: Loaded, text: str) -> None:
    assert loaded(BUCKETS=text).buckets == {"one", "two"}


def test_no_buckets_mean_the_configured_one(loaded: Loaded) -> None:
    assert loaded(BUCKETS="").buckets == {"photos"}


@pytest.mark.parametrize("name", ["ab", "a" * 64, "a/b/c"])
def test_a_bucket_has_a_name_that_s3_takes(faults: Faults, name: str) -> None:
    assert faults(BUCKETS=f"one,{name}") == [
        f"S3MOVER_BUCKETS: The bucket {name} in buckets should have 3 to 63 characters and no slash"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[one]", "is not a valid JSON list"),
        (",", "should be names separated by commas, or a list of names"),
        ("[]", "should be names separated by commas, or a list of names"),
    ],
)
def test_a_list_without_buckets_is_refused(faults: Faults, text: str, problem: str) -> None:
    assert faults(BUCKETS=text) == [f"S3MOVER_BUCKETS: The buckets parameter {problem}"]
