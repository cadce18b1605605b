"""Objects at locations that no driver path names: writing one as a stream, and handing it out."""

from datetime import timedelta
from typing import TYPE_CHECKING

from config import S3Settings
from driver.locations import Location
from driver.notes import TAILS, beside
from driver.presign import presigned, signing_client
from driver.s3_writer import create_writer
from driver.writer import FileWriter

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def writer_at(client: "S3Client", settings: S3Settings, location: Location) -> FileWriter:
    """Return the writer of a new object; what is there stays until its commit."""
    bucket = location.bucket
    return create_writer(
        client, settings, location, lambda upload: beside(settings, bucket, TAILS, upload)
    )


def url_at(client: "S3Client", settings: S3Settings, location: Location, expires: timedelta) -> str:
    """Return a URL by which whoever has it may read the object for a while."""
    return presigned(signing_client(settings, client), location, "GET", expires)
