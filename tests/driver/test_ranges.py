"""Pieces of an object that may not change meanwhile, on a real store."""

from typing import TYPE_CHECKING

import pytest

from config import S3Settings
from driver import (
    Location,
    PathNotFoundError,
    Pin,
    SourceChanged,
    first_below,
    head,
    look,
    read_range,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@pytest.fixture
def place(client: "S3Client", settings: S3Settings) -> Location:
    client.put_object(Bucket=settings.bucket, Key="ranges/list", Body=b"0123456789")
    return Location(settings.bucket, "ranges/list")


def test_pieces_end_with_the_object(client: "S3Client", place: Location) -> None:
    pin = head(client, place).pin

    assert read_range(client, pin, 0, 4) == b"0123"
    assert read_range(client, pin, 8, 100) == b"89"
    assert read_range(client, pin, 10, 100) == b""


def test_another_object_in_its_place_is_not_read(client: "S3Client", place: Location) -> None:
    pin = head(client, place).pin
    client.put_object(**place.address, Body=b"9876543210")

    with pytest.raises(SourceChanged):
        read_range(client, pin, 0, 4)


def test_a_pinned_version_stays_what_it_is(client: "S3Client", versioned: str) -> None:
    place = Location(versioned, "ranges/list")
    client.put_object(**place.address, Body=b"old")
    pin = head(client, place).pin
    client.put_object(**place.address, Body=b"new")

    assert read_range(client, pin, 0, 3) == b"old"


def test_a_look_shows_what_a_listing_does(client: "S3Client", place: Location) -> None:
    found, told = look(client, place), head(client, place)

    assert Pin(place, found.size, found.etag, found.version_id) == told.pin
    assert (found.key, found.storageclass, found.modified.tzinfo is None) == (
        place.key, "STANDARD", False,
    )  # fmt: skip
    with pytest.raises(PathNotFoundError):
        look(client, Location(place.bucket, "ranges/none"))


def test_keys_below_a_folder_come_one_after_the_other(client: "S3Client", place: Location) -> None:
    folder = Location(place.bucket, "ranges/below/")
    names = [f"{folder.key}{number}" for number in range(5)]
    for name in names:
        client.put_object(Bucket=place.bucket, Key=name, Body=b"x")

    found, key = [], first_below(client, folder)
    while key:
        found.append(key)
        key = first_below(client, folder, key)

    assert found == names
