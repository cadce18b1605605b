"""Asks a bucket, by harmless requests, whether a driver and moves can do their work in it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from config import S3Settings
from driver.errors import PathNotFoundError
from driver.findings import Finding, asked, optional
from driver.locations import Location
from driver.paths import RESERVED, ROOT, Keys
from driver.probe import Probe
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SHORT_DAYS = 2
"""Days below which a lifecycle rule may abort the upload of a long move."""

RULE = (
    "add a lifecycle rule: aws s3api put-bucket-lifecycle-configuration --bucket {bucket} "
    "--lifecycle-configuration file://docs/lifecycle.json"
)


def examine(client: "S3Client", settings: S3Settings, bucket: str) -> Iterator[Finding]:
    """
    Yield a finding for each permission and each ability; one that fails hides no other.

    What is written has a key of its own below `~s3mover/doctor/`, and is removed.
    """
    root = Keys(settings.rootdirectory).prefix(ROOT) if bucket == settings.bucket else ""
    first = asked("s3:ListBucket", bucket, lambda: _list(client, Location(bucket, root)))
    yield first
    if first.status == "failed" and not first.advice.startswith("allow"):
        yield Finding("all others", bucket, "skipped", "the bucket cannot be reached")
        return
    yield from _of_bucket(client, bucket)
    place = Location(bucket, f"{root}{RESERVED}doctor/{uuid4().hex}")
    with Probe(client, settings, place) as probe:
        yield from probe.findings()


def _of_bucket(client: "S3Client", bucket: str) -> Iterator[Finding]:
    whole = Location(bucket, "")

    def location() -> str:
        with translated("GetBucketLocation", source=whole):
            answer = client.get_bucket_location(Bucket=bucket)
        return str(answer.get("LocationConstraint"))

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
    yield _lifecycle(client, bucket)


def _lifecycle(client: "S3Client", bucket: str) -> Finding:
    check = "s3:GetLifecycleConfiguration"
    rules: list[Any] = []

    def read() -> None:
        with (
            suppress(PathNotFoundError),  # NoSuchLifecycleConfiguration
            translated("GetBucketLifecycleConfiguration", source=Location(bucket, "")),
        ):
            rules.extend(client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"])

    found = asked(check, bucket, read)
    if found.status == "failed":
        return optional(found, "only doctor needs it: see that a rule aborts old uploads")
    days = [_days(rule) for rule in rules if rule.get("Status") == "Enabled" and _covers(rule)]
    shortest = min(filter(None, days), default=0)
    if not shortest:
        detail = "no rule aborts uploads that nobody ends: they are billed for ever"
        return Finding(check, bucket, "warning", detail, RULE.format(bucket=bucket))
    if shortest < SHORT_DAYS:
        detail = f"uploads are aborted after {shortest} day: a long move may lose its own"
        return Finding(check, bucket, "warning", detail, f"let it be {SHORT_DAYS} days or more")
    return Finding(check, bucket, "ok", f"uploads are aborted after {shortest} days")


def _days(rule: Any) -> int:
    return int(rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation", 0))


def _covers(rule: Any) -> bool:
    """Tell whether the rule is for all keys."""
    narrow = rule.get("Filter", {})
    return not (rule.get("Prefix") or any(narrow.values()))


def _list(client: "S3Client", below: Location) -> str:
    with translated("ListObjectsV2", source=below):
        client.list_objects_v2(Bucket=below.bucket, Prefix=below.key, MaxKeys=1)
    return str(below)
