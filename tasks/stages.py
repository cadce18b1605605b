"""The stages of a move: pin, copy, complete, verify, delete; each safe to repeat."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import driver
from driver import NoSuchUpload, Permanent
from s3mover import Evidence, State
from tasks import uploads
from tasks.ending import finish
from tasks.errors import Wait
from tasks.launch import launch
from tasks.plan import Plan, decide, locate

if TYPE_CHECKING:
    from driver import Source
    from tasks.deployment import Deployment
    from tasks.journal import OwnedMove

log = logging.getLogger(__name__)


def pin(here: Deployment, move: OwnedMove) -> None:
    """Look at the source once, write the plan, and copy; a move onto itself is done."""
    source_at = locate(here.settings, move.request.source)
    destination = locate(here.settings, move.request.destination)
    move.lock(source_at, destination)
    source = driver.head(here.s3, source_at)
    if source_at == destination:
        same = Evidence(kind="same", detail="source and destination are one object")
        finish(here, move, State.DONE, evidence=same.model_dump_json())
        return
    plan = decide(here.settings, move.request, source.pin, destination)
    move.write(plan=plan.dump(), parts=plan.parts, cap=plan.cap, state=State.COPYING)
    copy(here, move, plan, source)


def copy(here: Deployment, move: OwnedMove, plan: Plan, source: Source) -> None:
    """Copy the object in one request, or create its upload and launch the parts."""
    if plan.part_size:
        uploads.create(here, move, source, plan.destination)
        launch(move, plan, present=frozenset())
        return
    move.commit()  # from here a cancel comes too late
    etag = driver.copy_whole(here.s3, here.settings.s3, source, plan.destination)
    verify(here, move, plan, etag)


def complete(here: Deployment, move: OwnedMove, plan: Plan, upload: driver.Upload) -> None:
    """Complete the upload if S3 has all its parts, else launch those that are missing."""
    try:
        parts = driver.list_parts(here.s3, upload)
        missing = frozenset(driver.missing_parts(parts, plan.size, plan.part_size))
        if missing:
            relaunch(move, plan, missing)
            return
        driver.recheck(here.s3, plan.pin)  # while the old destination is still there
        move.commit(state=State.VERIFYING)
        etag = driver.complete(here.s3, upload, parts, plan.size)
    except NoSuchUpload:
        reconcile(here, move, plan)
        return
    move.write(copied=etag)
    verify(here, move, plan, etag)


def relaunch(move: OwnedMove, plan: Plan, missing: frozenset[int]) -> None:
    """Launch what is missing, unless parts are on their way after all."""
    if move.parts_in_flight():
        raise Wait
    launch(move, plan, present=frozenset(range(1, plan.parts + 1)) - missing)


def reconcile(here: Deployment, move: OwnedMove, plan: Plan) -> None:
    """
    Decide a move whose upload is gone: completed with its answer lost, or aborted by others.

    Only the equality of checksums, ETags or bytes proves the first; else the copy starts anew.
    """
    if "committed" in move.fields:
        evidence = _proof(here, plan)
        if evidence is not None:
            move.write(copied="reconciled")
            delete(here, move, plan, evidence)
            return
    log.info("%s: the upload is gone and the destination is not proven, copying again", move.id)
    move.write(upload="", committed="")
    copy(here, move, plan, driver.recheck(here.s3, plan.pin))


def _proof(here: Deployment, plan: Plan) -> driver.Evidence | None:
    mode = "auto" if here.settings.verify == "size" else here.settings.verify
    try:
        evidence = driver.verify(here.s3, plan.pin, plan.destination, mode, None)
    except Permanent:
        return None
    return None if evidence.kind == "size" else evidence


def verify(here: Deployment, move: OwnedMove, plan: Plan, etag: str) -> None:
    """Compare the destination with the pinned source, then delete the source."""
    evidence = driver.verify(here.s3, plan.pin, plan.destination, here.settings.verify, etag)
    delete(here, move, plan, evidence)


def delete(
    here: Deployment, move: OwnedMove, plan: Plan, evidence: driver.Evidence | None = None
) -> None:
    """Write down what was compared, then delete exactly the pinned source; gone is done."""
    if evidence is not None:
        text = Evidence(kind=evidence.kind, detail=evidence.detail).model_dump_json()
        move.write(evidence=text, state=State.DELETING)
    how = driver.delete_source(here.s3, plan.pin)
    finish(here, move, State.DONE, deletion=how)
