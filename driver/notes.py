"""Small objects of the mover's own, below the prefix where no path leads."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from config import S3Settings
from driver.errors import PathNotFoundError
from driver.listing import pages
from driver.locations import Location
from driver.multipart import Upload
from driver.paths import RESERVED, ROOT, Keys
from driver.source import head
from driver.translate import translated

MARKS = "uploads/"
TAILS = "tails/"

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def reserved(settings: S3Settings, bucket: str, name: str) -> Location:
    """Return the place of that name which is ours alone in a bucket."""
    return Location(bucket, f"{root_of(settings, bucket)}{RESERVED}{name}")


def root_of(settings: S3Settings, bucket: str) -> str:
    """Return what the keys of all driver paths begin with; only one bucket has a root."""
    return Keys(settings.rootdirectory).prefix(ROOT) if bucket == settings.bucket else ""


def beside(settings: S3Settings, bucket: str, folder: str, upload_id: str) -> Location:
    """Return the place in a folder of ours that belongs to an upload."""
    name = hashlib.sha256(upload_id.encode()).hexdigest()
    return reserved(settings, bucket, f"{folder}{name}")


def mark_of(settings: S3Settings, upload: Upload) -> Location:
    """Return where a worker says that the upload is a mover's."""
    return beside(settings, upload.destination.bucket, MARKS, upload.id)


def read_note(client: "S3Client", place: Location) -> bytes:
    with (
        translated("GetObject", source=place),
        closing(client.get_object(**place.address)["Body"]) as body,
    ):
        return body.read()


def notes_below(client: "S3Client", folder: Location) -> Iterator[tuple[Location, datetime]]:
    """Yield the places below a folder, and when each was written."""
    for page in pages(client, folder):
        for found in page.get("Contents", []):
            yield Location(folder.bucket, found["Key"]), found["LastModified"]


def remove_note(client: "S3Client", place: Location) -> None:
    """Remove a note without leaving a version or a marker of it; one that is gone is success."""
    try:
        pin = head(client, place).pin
    except PathNotFoundError:
        return
    with translated("DeleteObject", source=place):
        client.delete_object(**pin.address)
