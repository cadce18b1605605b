"""The stages of a move: pin, copy, complete, verify, delete; each safe to repeat."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import driver
from driver import DestinationChanged, NoSuchUpload, Throttled
from s3mover import Evidence, State, tracing
from tasks import marks, receivers, throttle, uploads
from tasks.ending import finish
from tasks.errors import DeadlineExceeded, Wait
from tasks.fidelity import keep
from tasks.launch import launch
from tasks.plan import Plan, decide, ends_of

if TYPE_CHECKING:
    from driver import Source
    from tasks.deployment import Deployment
    from tasks.journal import OwnedMove

log = logging.getLogger(__name__)


def pin(here: Deployment, move: OwnedMove) -> None:
    """Look at the source once, write the plan, and copy; a move onto itself is done."""
    receivers.check(here.settings, move.request)
    source_at, destination = ends_of(here.settings, move.request)
    move.lock(source_at, destination)
    source = driver.head(here.s3, source_at)
    if source_at == destination:
        same = Evidence(kind="same", detail="source and destination are one object")
        finish(here, move, State.DONE, evidence=same.model_dump_json())
        return
    move.refuse_other(source)
    driver.refuse_aliases(here.settings.s3, source_at, destination)
    driver.refuse_unmovable(source)
    plan = decide(here.settings, move.request, source, destination)
    plan = replace(keep(here, move.request, source, plan), deadline=move.deadline)
    driver.check_condition(here.s3, destination, plan.condition)
    driver.refuse_unverifiable(source, here.settings.verify, in_parts=plan.part_size > 0)
    move.write(
        plan=plan.dump(),
        parts=plan.parts,
        cap=plan.cap,
        state=State.COPYING,
        trace=tracing.parent(),
    )
    copy(here, move, plan, source)


def copy(here: Deployment, move: OwnedMove, plan: Plan, source: Source | None = None) -> None:
    """
    Copy the object in one request, or create its upload and launch the parts.

    The source is looked at again unless it just was.
    """
    refuse_late(move, plan)
    if plan.part_size:
        source = source or driver.recheck(here.s3, plan.pin)
        mark = uploads.create(here, move, source, plan)
        launch(move, plan, present=frozenset())
        marks.put(here, mark)  # while the parts are copied: nobody waits for it
        return
    try:
        with throttle.place(here, move):  # first: while there is none, S3 is asked for nothing
            source = source or driver.recheck(here.s3, plan.pin)
            etag = _copy_whole(here, move, plan, source)
    except DestinationChanged as error:
        resolve(here, move, plan, error)
        return
    verify(here, move, plan, etag)


def _copy_whole(here: Deployment, move: OwnedMove, plan: Plan, source: Source) -> str:
    was_committed = "committed" in move.fields
    move.commit()  # from here a cancel comes too late
    try:
        return driver.copy_whole(here.s3, plan.policy, source, plan.destination, plan.condition)
    except Throttled as error:
        if not (was_committed or error.repeated):  # nothing was copied, and it may take hours
            move.write(committed="")
        raise


def refuse_late(move: OwnedMove, plan: Plan) -> None:
    """Raise DeadlineExceeded when the time is over, unless the copy may be complete already."""
    if plan.is_late and "committed" not in move.fields:
        text = f"not complete after {move.request.deadline} s"
        raise DeadlineExceeded(text, operation="move")


def complete(here: Deployment, move: OwnedMove, plan: Plan, upload: driver.Upload) -> None:
    """Complete the upload if S3 has all its parts, else launch those that are missing."""
    if move.parts_in_flight():  # they could be written once more after they were listed
        raise Wait
    try:
        parts = driver.list_parts(here.s3, upload)
        missing = frozenset(driver.missing_parts(parts, plan.size, plan.part_size))
        if missing:
            launch(move, plan, present=frozenset(range(1, plan.parts + 1)) - missing)
            return
        refuse_late(move, plan)
        source = driver.recheck(here.s3, plan.pin)  # while the old destination is still there
        move.commit(state=State.VERIFYING)
        etag = driver.complete(
            here.s3,
            upload,
            parts,
            plan.size,
            checksum=source.checksum,
            condition=plan.condition,
        )
    except NoSuchUpload:
        reconcile(here, move, plan)
        return
    except DestinationChanged as error:
        resolve(here, move, plan, error)
        return
    move.write(copied=etag)
    try:
        verify(here, move, plan, etag)
    finally:
        marks.remove(here, upload)


def reconcile(here: Deployment, move: OwnedMove, plan: Plan) -> None:
    """
    Decide a move whose upload is gone: completed with its answer lost, or aborted by others.

    Only the equality of checksums, ETags or bytes proves the first; else the copy starts anew.
    """
    if move.upload:
        marks.remove(here, move.upload)
    if "committed" in move.fields:
        evidence = driver.proof(here.s3, plan.pin, plan.destination, here.settings.verify)
        if evidence is not None:
            delete(here, move, plan, evidence)
            return
    log.info("%s: the upload is gone and the destination is not proven, copying again", move.id)
    move.write(upload="", committed="")
    copy(here, move, plan)


def resolve(here: Deployment, move: OwnedMove, plan: Plan, error: DestinationChanged) -> None:
    """
    Decide a move whose destination no longer meets its condition: that may be our own doing.

    Where a request was made before, and its answer was lost.
    """
    # A try that was throttled is not counted, and may have lost an answer first.
    if error.repeated or move.launches > 1 or "throttled_by" in move.fields:
        evidence = driver.proof(here.s3, plan.pin, plan.destination, here.settings.verify)
        if evidence is not None:
            uploads.abort(here, move)  # it is gone, or the object is another's of the same bytes
            delete(here, move, plan, evidence)
            return
    raise error


def verify(here: Deployment, move: OwnedMove, plan: Plan, etag: str) -> None:
    """Compare the destination with the pinned source, then delete the source."""
    evidence = driver.verify(here.s3, plan.pin, plan.destination, here.settings.verify, etag)
    delete(here, move, plan, evidence)


def delete(here: Deployment, move: OwnedMove, plan: Plan, evidence: driver.Evidence) -> None:
    """Write down what was compared, then delete exactly the pinned source."""
    if plan.tags == "apart":
        copy = driver.head(here.s3, plan.destination)
        if copy.etag != move.fields.get("copied", copy.etag):  # nobody else's object gets them
            text = "overwritten by someone else before it had its tags"
            raise DestinationChanged(text, target=str(plan.destination))
        driver.put_tags(here.s3, copy.pin, driver.tags_of(here.s3, plan.pin))
    text = Evidence(kind=evidence.kind, detail=evidence.detail).model_dump_json()
    move.write(evidence=text, state=State.DELETING)
    if evidence.kind == "read":  # it may have taken hours
        delete_again(here, move, plan)
    else:
        finish(here, move, State.DONE, deletion=driver.delete_source(here.s3, plan.pin))


def delete_again(here: Deployment, move: OwnedMove, plan: Plan) -> None:
    """
    Delete the pinned source some time after it was compared; gone is done.

    It is looked at first: some stores ignore the condition of a delete (s3-servers, 2026-11).
    """
    if driver.is_gone(here.s3, plan.pin):
        finish(here, move, State.DONE, deletion="gone")
    else:
        finish(here, move, State.DONE, deletion=driver.delete_source(here.s3, plan.pin))
