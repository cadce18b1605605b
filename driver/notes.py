"""Small objects of the mover's own, below the prefix where no path leads."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from config import S3Settings
from driver.attributes import CONTENT_TYPE, policy
from driver.errors import PathNotFoundError
from driver.listing import pages
from driver.locations import Location
from driver.multipart import Upload
from driver.paths import RESERVED, ROOT, Keys
from driver.source import head
from driver.translate import translated

MARKS = "uploads/"

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def reserved(settings: S3Settings, bucket: str, name: str) -> Location:
    """Return the place of that name which is ours alone in a bucket."""
    root = Keys(settings.rootdirectory).prefix(ROOT) if bucket == settings.bucket else ""
    return Location(bucket, f"{root}{RESERVED}{name}")


def mark_of(settings: S3Settings, upload: Upload) -> Location:
    """Return where a worker says that the upload is a mover's."""
    name = hashlib.sha256(upload.id.encode()).hexdigest()
    return reserved(settings, upload.destination.bucket, f"{MARKS}{name}")


def put_note(client: "S3Client", settings: S3Settings, place: Location, text: bytes) -> None:
    with translated("PutObject", target=place):
        client.put_object(**place.address, Body=text, ContentType=CONTENT_TYPE, **policy(settings))


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
