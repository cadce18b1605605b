"""
Multipart uploads of ours: created so that none is ever lost.

Each attempt to create one leaves an intent first; the sweeper finds and aborts the upload of
an attempt whose process died before it could write down the upload's id.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import driver
from driver import DriverError, Location, Permanent
from s3mover.journal import LOCKS, move_key
from tasks import marks
from tasks.errors import Superseded
from tasks.fidelity import is_read_later, with_tags
from tasks.marks import Mark

if TYPE_CHECKING:
    from driver import FoundUpload, Source
    from s3mover import MoveRequest
    from tasks.deployment import Deployment
    from tasks.journal import OwnedMove
    from tasks.plan import Plan

log = logging.getLogger(__name__)

_INTENTS = "s3mover:intents"

# Uploads of the key that were initiated outside these seconds around the attempt are not ours to
# abort: other programs may write to the key, and S3 does not say who has created an upload.
_WINDOW = 120.0
_CLOCK_SKEW = 60.0


@dataclass(frozen=True, slots=True)
class Intent:
    """An attempt to create an upload: which move, where, and when by this worker's clock."""

    move_id: str
    bucket: str
    key: str
    at: float


def create(here: Deployment, move: OwnedMove, source: Source, plan: Plan) -> Mark:
    """
    Create the move's upload, write its id down and return its mark.

    The intent outlives a death in between. It stays, too, when an answer was lost and the
    request repeated: then S3 may hold two.
    """
    attempt = uuid4().hex
    destination = plan.destination
    intent = Intent(move.id, destination.bucket, destination.key, time.time())
    here.redis.hset(_INTENTS, attempt, json.dumps(asdict(intent)))
    upload, plan = _create(here, move, source, plan)
    try:
        move.write(upload=upload.id, plan=plan.dump())
    except Superseded:  # this worker slept, and the sweeper may have looked meanwhile
        if here.redis.hget(move_key(move.id), "upload") != upload.id:
            driver.abort(here.s3, upload)
        raise
    if not upload.repeated:
        here.redis.hdel(_INTENTS, attempt)
    return Mark(
        move_id=move.id,
        bucket=destination.bucket,
        key=destination.key,
        upload_id=upload.id,
        at=time.time(),
        customer_key=destination.customer_key,
    )


def _create(
    here: Deployment, move: OwnedMove, source: Source, plan: Plan
) -> tuple[driver.Upload, Plan]:
    """Create the upload; of a source that seems to have no tags they are read meanwhile."""
    destination = plan.destination
    if not is_read_later(source, plan):
        tags = driver.tags_of(here.s3, plan.pin) if plan.tags == "header" else ()
        return driver.create(here.s3, plan.policy, source, destination, tags), plan
    upload, found = driver.both(
        lambda: driver.create(here.s3, plan.policy, source, destination),
        lambda: _with_tags(here, move.request, plan),
    )
    if isinstance(found, DriverError):
        driver.abort(here.s3, upload)
        raise found
    # It is created without: a HEAD counts none where they may not be read, or are new since then.
    return upload, replace(found, tags="apart") if found.tags == "header" else found


def _with_tags(here: Deployment, request: MoveRequest, plan: Plan) -> Plan | DriverError:
    try:
        return with_tags(here, request, plan)
    except DriverError as error:  # raised once the upload that is being created is gone
        return error


def abort(here: Deployment, move: OwnedMove) -> None:
    """Abort the move's upload, if it has one; safe to repeat."""
    if move.upload:
        driver.abort(here.s3, move.upload)
        marks.remove(here, move.upload)


def abort_orphans(here: Deployment, *, dry_run: bool = False) -> list[str]:
    """Abort the uploads of attempts that died; return what was, or would be, aborted."""
    aborted: list[str] = []
    before = time.time() - here.settings.sweep_grace
    intents = cast("dict[str, str]", here.redis.hgetall(_INTENTS))
    for attempt, text in intents.items():
        intent = Intent(**json.loads(text))
        if intent.at > before:
            continue
        try:
            aborted += _abort_orphans_of(here, intent, dry_run=dry_run)
        except DriverError as error:
            log.warning("orphans of s3://%s/%s: %s", intent.bucket, intent.key, error)
            if not isinstance(error, Permanent):
                continue
        # Not at the first look: the request of a dead worker may still be on its way.
        if not dry_run and intent.at < time.time() - _WINDOW - _CLOCK_SKEW:
            here.redis.hdel(_INTENTS, attempt)
    return aborted


def _abort_orphans_of(here: Deployment, intent: Intent, *, dry_run: bool) -> list[str]:
    location = Location(intent.bucket, intent.key)
    found_uploads = driver.list_uploads(here.s3, location)
    # Read after the list: an upload that is listed may have been written down meanwhile.
    known = _known(here, intent.move_id, location)
    orphans = [
        found.upload
        for found in found_uploads
        if found.upload.id not in known and is_ours(found, intent)
    ]
    for upload in () if dry_run else orphans:
        driver.abort(here.s3, upload)
    return [f"{location} upload {upload.id}" for upload in orphans]


def _known(here: Deployment, move_id: str, location: Location) -> set[object]:
    """Return the uploads of this move, and of the one that goes to the location now."""
    holder = cast("str | None", here.redis.hget(LOCKS, str(location)))
    return {here.redis.hget(move_key(move), "upload") for move in {move_id, holder or move_id}}


def is_ours(found: FoundUpload, intent: Intent) -> bool:
    """Tell whether an upload was initiated by this attempt: its key, and its minutes."""
    age = found.initiated.timestamp() - intent.at
    return -_CLOCK_SKEW <= age <= _WINDOW
