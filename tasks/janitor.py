"""
Aborts uploads that are proven to be ours and dead, also when the journal was lost.

Ours: a mark says so. Dead: no move of this journal goes on with it, and, where the journal does
not know its move, no part of it was written for a day. Other fleets may share the bucket.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import driver
from driver import DriverError, NoSuchUpload
from s3mover import State
from s3mover.journal import move_key
from tasks import marks

if TYPE_CHECKING:
    from tasks.deployment import Deployment
    from tasks.marks import Mark

log = logging.getLogger(__name__)

SILENT = 86_400.0
"""Seconds without a new part: a part of 5 GiB takes minutes, a move that is alive sends more."""


def abort_dead(here: Deployment, *, dry_run: bool = False) -> list[str]:
    """Abort the dead uploads that have a mark, and return what they are."""
    aborted = []
    for bucket in sorted(here.settings.buckets):
        try:
            aborted += _abort_dead_in(here, bucket, dry_run=dry_run)
        except DriverError as error:  # of its list: the other buckets are looked at all the same
            log.warning("the marks in %s: %s", bucket, error)
    return aborted


def _abort_dead_in(here: Deployment, bucket: str, *, dry_run: bool) -> list[str]:
    aborted = []
    for mark in marks.older_than(here, bucket, time.time() - here.settings.sweep_grace):
        try:
            if _is_dead(here, mark):
                aborted.append(f"{mark.upload.destination} upload {mark.upload_id}")
                _end(here, mark, dry_run=dry_run)
        except DriverError as error:
            log.warning("the upload of %s: %s", mark, error)
    return aborted


def _end(here: Deployment, mark: Mark, *, dry_run: bool) -> None:
    if dry_run:
        return
    driver.abort(here.s3, mark.upload)
    marks.remove(here, mark.upload)


def _is_dead(here: Deployment, mark: Mark) -> bool:
    state, upload = here.redis.hmget(move_key(mark.move_id), "state", "upload")
    if state and not State(str(state)).final:
        return upload != mark.upload_id
    # The record of a move that ended goes after a while: then it looks as if it was never there.
    return _last_sign(here, mark) < time.time() - (here.settings.sweep_grace if state else SILENT)


def _last_sign(here: Deployment, mark: Mark) -> float:
    """Return when the upload, or the last of its parts, was written."""
    try:
        written = driver.last_written(here.s3, mark.upload)
    except NoSuchUpload:  # only its mark is left
        return 0.0
    return max(mark.at, written.timestamp() if written else 0.0)
