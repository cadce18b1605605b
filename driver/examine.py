"""Asks a bucket, by harmless requests, whether a driver and moves can do their work in it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from config import S3Settings
from driver.errors import Rejected
from driver.findings import CURES, Finding, asked, optional
from driver.lifecycle import lifecycle
from driver.locations import Location
from driver.notes import reserved, root_of
from driver.probe import Probe
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SLOW_SECONDS = 60
"""Of a clock: S3 refuses requests that are 15 minutes off (S3 API, 2026-11)."""


def examine(client: "S3Client", settings: S3Settings, bucket: str) -> Iterator[Finding]:
    """
    Yield a finding for each permission and each ability; one that fails hides no other.

    What is written has a key of its own below `~s3mover/doctor/`, and is removed.
    """
    place = reserved(settings, bucket, f"doctor/{uuid4().hex}")
    root = root_of(settings, bucket)
    first = asked("s3:ListBucket", bucket, lambda: _list(client, Location(bucket, root)))
    yield first
    if first.status == "failed" and not first.is_denied:
        yield Finding("all others", bucket, "skipped", "the bucket cannot be reached")
        return
    if first.status == "ok":
        yield _clock(client, Location(bucket, root))
    yield from _of_bucket(client, bucket)
    yield lifecycle(client, bucket, root, settings.regionendpoint)
    with Probe(client, settings, place) as probe:
        yield from probe.findings()


def _of_bucket(client: "S3Client", bucket: str) -> Iterator[Finding]:
    whole = Location(bucket, "")

    def location() -> str:
        with translated("GetBucketLocation", source=whole):
            answer = client.get_bucket_location(Bucket=bucket)
        region = str(answer.get("LocationConstraint"))
        return "us-east-1" if region == "None" else region

    def uploads() -> None:
        with translated("ListMultipartUploads", source=whole):
            client.list_multipart_uploads(Bucket=bucket, MaxUploads=1)

    def versioning() -> str:
        with translated("GetBucketVersioning", source=whole):
            status = client.get_bucket_versioning(Bucket=bucket).get("Status")
        return {
            None: "off: a deleted source is gone",
            "Enabled": "enabled: a move deletes exactly the version it copied",
            "Suspended": "suspended: old versions stay, and are billed",
        }.get(status, str(status))

    yield optional(asked("s3:GetBucketLocation", bucket, location), "the registry asks for it")
    yield asked("s3:ListBucketMultipartUploads", bucket, uploads)
    yield optional(asked("s3:GetBucketVersioning", bucket, versioning), "only doctor needs it")


def _clock(client: "S3Client", below: Location) -> Finding:
    def ask() -> str:
        with translated("ListObjectsV2", source=below):
            answer = client.list_objects_v2(Bucket=below.bucket, Prefix=below.key, MaxKeys=1)
        told = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        off = abs((datetime.now(UTC) - told).total_seconds())
        if off > SLOW_SECONDS:
            raise Rejected(f"{off:.0f} s off the store's")
        return f"{off:.0f} s off the store's"

    return optional(
        asked("clock", below.bucket, ask, "s3:ListBucket"), CURES["RequestTimeTooSkewed"]
    )


def _list(client: "S3Client", below: Location) -> str:
    with translated("ListObjectsV2", source=below):
        client.list_objects_v2(Bucket=below.bucket, Prefix=below.key, MaxKeys=1)
    return str(below)
