"""The accounts that are expected to own the buckets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config import Settings, load

Loaded = Callable[..., Settings]
Faults = Callable[..., list[str]]

OWNERS = {"one": "111111111111", "two": "022222222222"}


@pytest.mark.parametrize(
    "text",
    [
        "one=111111111111,two=022222222222",
        " one = 111111111111 , two=022222222222, ",
        '{"one": "111111111111", "two": "022222222222"}',
    ],
)
def test_owners_are_pairs_or_a_json_object(loaded: Loaded, text: str) -> None:
    assert loaded(BUCKETS="one,two,three", BUCKET_OWNERS=text).bucket_owners == OWNERS


def test_the_bucket_of_the_driver_may_have_one(loaded: Loaded) -> None:
    assert loaded(BUCKET_OWNERS="photos=111111111111").bucket_owners == {"photos": "111111111111"}


@pytest.mark.parametrize("text", ["", " ", ","])
def test_no_owners_mean_anyone(loaded: Loaded, text: str) -> None:
    assert loaded(BUCKET_OWNERS=text).bucket_owners == {}


def test_a_yaml_file_keeps_the_zeros_of_an_account(needed: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "s3mover.yml"
    file.write_text("buckets: [one, two]\nbucket_owners:\n  one: 111111111111\n  two: 022222222222")

    assert load(needed | {"S3MOVER_CONFIG": str(file)}).bucket_owners == OWNERS


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("one", "The owner of one in bucket_owners should be an account of 12 digits"),
        ("one=11111111111", "The owner of one in bucket_owners should be an account of 12 digits"),
        (
            "one=1111111111111",
            "The owner of one in bucket_owners should be an account of 12 digits",
        ),
        (
            "one=" + 12 * "\u0661",
            "The owner of one in bucket_owners should be an account of 12 digits",
        ),
        (
            "one=111111111111=1",
            "The owner of one in bucket_owners should be an account of 12 digits",
        ),
        ("one=111111111111,one=222222222222", "The bucket one in bucket_owners is given twice"),
        (
            '{"one": "111111111111", "one": "222222222222"}',
            "The bucket one in bucket_owners is given twice",
        ),
        (
            '{"one": 111111111111}',
            "The bucket_owners parameter should have texts: quote the account",
        ),
        ('{"one": ', "The bucket_owners parameter is not valid JSON"),
        (
            "three=111111111111",
            "The bucket three in bucket_owners is not among the buckets one, two",
        ),
    ],
)
def test_what_names_no_account_of_a_bucket_of_moves_is_refused(
    faults: Faults, text: str, problem: str
) -> None:
    assert faults(BUCKETS="one,two", BUCKET_OWNERS=text) == [f"S3MOVER_BUCKET_OWNERS: {problem}"]


def test_owners_are_not_compared_with_faulty_buckets(faults: Faults) -> None:
    (only,) = faults(BUCKETS="a", BUCKET_OWNERS="one=111111111111")

    assert only.startswith("S3MOVER_BUCKETS: ")
