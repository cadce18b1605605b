"""What is found out about both ends before the first page, or refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import driver
from driver import CannotPreserve, Location
from s3mover.locations import parse_prefix
from s3mover.prefix_journal import prefix_key
from s3mover.scripts import Script
from tasks import receivers
from tasks.confine import check_key
from tasks.errors import BucketNotAllowed, LocationBusy
from tasks.prefix import manifest
from tasks.prefix.reports import folder_of

if TYPE_CHECKING:
    from config import Settings
    from s3mover import PrefixRequest
    from tasks.deployment import Deployment

_BEGIN = Script("tasks", "prefix_begin", "prefix", "areas")


def begin(here: Deployment, prefix_id: str, request: PrefixRequest) -> None:
    """Write down where from, where to and how; raises Permanent for what cannot be."""
    receivers.check(here.settings, request)
    source, destination = ends_of(here.settings, request)
    reports = folder_of(here.settings, destination.bucket, prefix_id)
    versions = driver.is_versioned(here.s3, source.bucket)
    facts = {
        "source_at": json.dumps([source.bucket, source.key]),
        "destination_at": json.dumps([destination.bucket, destination.key]),
        "report": str(reports),
        "versions": "1" if versions else "",
        "lockable": "1" if versions and driver.is_lockable(here.s3, source.bucket) else "",
        "deletion": _deletion(here, prefix_id, source.bucket),
    }
    if request.manifest:
        facts["cursor"] = manifest.begin(here, request.manifest)
    flat = [value for pair in facts.items() for value in pair]
    areas = (driver.area_of(here.settings.s3, end) for end in (source, destination))
    verdict, _, holder = str(_BEGIN(here.redis, prefix_id, *areas, *flat)).partition(" ")
    if verdict == "busy":
        raise _busy(here, source, destination, holder)


def _busy(here: Deployment, source: Location, destination: Location, holder: str) -> LocationBusy:
    ends = here.redis.hmget(prefix_key(holder), "source", "destination")
    text = (
        f"{source} or {destination} has to do with what the active move {holder} moves,"
        f" {' to '.join(map(str, ends))}: wait for its end, or cancel it"
    )
    return LocationBusy(text, operation="move", source=str(source), target=str(destination))


def ends_of(settings: Settings, request: PrefixRequest) -> tuple[Location, Location]:
    """Resolve both ends; raises Permanent for those that no move may have."""
    source, destination = (locate(settings, end) for end in (request.source, request.destination))
    driver.refuse_overlap(settings.s3, source, destination)
    if (request.preserve or {}).get("layout") == "strict":
        raise CannotPreserve("layout: copies of a prefix have one of their own", operation="move")
    return source, destination


def _deletion(here: Deployment, prefix_id: str, bucket: str) -> str:
    if not here.settings.s3.regionendpoint:  # Amazon S3
        return "batch"
    place = driver.reserved(here.settings.s3, bucket, f"probes/{prefix_id}")
    return "batch" if driver.honours_batch_conditions(here.s3, place) else "single"


def locate(settings: Settings, prefix: str) -> Location:
    """Resolve what a request names; raises BucketNotAllowed or KeyNotAllowed."""
    uri = parse_prefix(prefix)
    found = Location(*uri) if uri else driver.prefix_of(settings.s3, prefix)
    if found.bucket not in settings.buckets:
        allowed = ", ".join(sorted(settings.buckets))
        msg = f"moves may not touch the bucket {found.bucket}: S3MOVER_BUCKETS allows {allowed}"
        raise BucketNotAllowed(msg, source=prefix)
    check_key(settings, found)
    return found
