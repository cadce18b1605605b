"""How an object is named."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3mover.locations import check_location, parse_uri

PIECES = ["s3://", "bucket", "a", "Z", "/", "//", ".", "-", "_", "\n", " ", "é", "\ud800", "s3:/"]


@pytest.mark.parametrize(
    ("location", "bucket", "key"),
    [
        ("s3://bucket/a", "bucket", "a"),
        ("s3://bucket/a/b/", "bucket", "a/b/"),
        ("s3://bucket//a", "bucket", "/a"),
        ("s3://my.bucket-1/s3://x/y", "my.bucket-1", "s3://x/y"),
        ("s3://bucket/a\nb", "bucket", "a\nb"),
        ("s3://bucket/a?b#c%20", "bucket", "a?b#c%20"),
    ],
)
def test_a_uri_is_a_bucket_and_whatever_follows(location: str, bucket: str, key: str) -> None:
    assert parse_uri(location) == (bucket, key)
    assert check_location(location) == location


@pytest.mark.parametrize(
    "location",
    ["s3://ab/x", "s3://-ab/x", "s3://ab-/x", "s3://" + "a" * 64 + "/x", "s3://a\nb/x", "s3:///x"],
)
def test_a_bucket_has_a_name_that_s3_allows(location: str) -> None:
    with pytest.raises(ValueError, match="expected s3://bucket/key"):
        check_location(location)


def test_a_key_has_at_most_1024_bytes() -> None:
    assert check_location("s3://bucket/" + "é" * 512)

    with pytest.raises(ValueError, match="longer than S3's 1024 bytes"):
        check_location("s3://bucket/a" + "é" * 512)


@pytest.mark.parametrize("location", ["/a", "/a/b", "/a/.b_c-D/9", "/.."])
def test_a_driver_path_is_what_the_registry_allows(location: str) -> None:
    assert check_location(location) == location
    assert parse_uri(location) is None


@pytest.mark.parametrize("location", ["/", "/a/", "//a", "/a//b", "/a b", "/é", "/a\n"])
def test_other_paths_are_refused(location: str) -> None:
    with pytest.raises(ValueError, match="a driver path is made of"):
        check_location(location)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_a_location_is_either_kept_as_it_is_or_refused_with_a_short_line(location: str) -> None:
    refusal: ValueError | None = None

    try:
        assert check_location(location) == location
    except ValueError as error:
        refusal = error

    assert type(refusal) in {ValueError, type(None)}
    assert refusal is None or re.fullmatch("[ -~]{1,80}", str(refusal))
