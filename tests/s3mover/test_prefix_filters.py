"""Which objects a request means."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from s3mover import InvalidRequest, PrefixRequest
from s3mover.prefix_filters import matches, moment
from s3mover.prefix_request import parse_prefix_request, prefix_id_of
from s3mover.request import move_id_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def wanted(**fields: Any) -> PrefixRequest:
    return parse_prefix_request(source="s3://bucket/a/", destination="s3://bucket/b/", **fields)


@pytest.mark.parametrize(
    ("fields", "name", "is_meant"),
    [
        ({}, "x", True),
        ({"include": ["*.mov"]}, "a/b.mov", True),
        ({"include": ["*.mov"]}, "a/b.MOV", False),
        ({"include": ["*.mov", "*.txt"]}, "b.txt", True),
        ({"exclude": ["tmp/*"]}, "tmp/a/b", False),
        ({"exclude": ["tmp/*"]}, "not/tmp/a", True),
        ({"include": ["*"], "exclude": ["x"]}, "x", False),
        ({"larger": 10}, "ten bytes", False),
        ({"larger": 9}, "ten bytes", True),
        ({"smaller": 10}, "ten bytes", False),
        ({"smaller": 11}, "ten bytes", True),
        ({"older": "1h"}, "an hour old", False),
        ({"older": "59m"}, "an hour old", True),
        ({"newer": "1h"}, "an hour old", False),
        ({"newer": "61m"}, "an hour old", True),
        ({"older": "2026-11-24"}, "an hour old", False),
        ({"newer": "2026-11-24"}, "an hour old", True),
        ({"newer": "2026-11-24T12:00:00+02:00"}, "an hour old", True),
    ],
)
def test_an_object_is_meant(fields: dict[str, Any], name: str, *, is_meant: bool) -> None:
    written = NOW - timedelta(hours=1)

    assert matches(wanted(**fields), name, 10, written, NOW) is is_meant


def test_an_age_counts_back_and_one_beyond_all_times_is_the_first_moment() -> None:
    assert moment("2w", NOW) == NOW - timedelta(weeks=2)
    assert moment("999999999w", NOW) < NOW - timedelta(days=365_000)


@pytest.mark.parametrize(
    "bad",
    [
        {"source": "s3://bucket/no-slash"},
        {"source": "s3://bucket/zero\0byte/"},
        {"source": "s3://Bad/a/"},
        {"source": ""},
        {"destination": "relative/"},
        {"source": "s3://bucket/" + "x" * 1024 + "/"},
        {"older": "yesterday"},
        {"include": "not a list"},
        {"include": [""]},
        {"larger": -1},
        {"overwrite": "if-match"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_a_bad_request_is_refused_before_it_is_sent(bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        parse_prefix_request(**{"source": "s3://bucket/a/", "destination": "s3://bucket/b/", **bad})


@pytest.mark.parametrize("good", ["s3://bucket/", "s3://bucket/a//b/", "/", "/a/b", "/a/b/"])
def test_a_prefix_may_be_a_bucket_a_folder_or_a_driver_path(good: str) -> None:
    assert parse_prefix_request(source=good, destination="s3://other/").source == good


def test_a_key_of_idempotency_names_another_move_than_that_of_an_object() -> None:
    assert prefix_id_of("k") == prefix_id_of("k") != move_id_of("k")
