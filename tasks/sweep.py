"""`s3mover.sweep`: what keeps every accepted move going when messages and processes are lost."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from celery import Task, current_app, shared_task

from s3mover import tracing
from s3mover.contract import SETTLE_TASK, SWEEP_TASK, SweepReport
from s3mover.display import shown
from s3mover.journal import ACTIVE, MOVES, move_key, sweep_key
from s3mover.prefix_contract import STEER_PREFIX_TASK
from s3mover.prefix_journal import ACTIVE_PREFIXES, PREFIXES, prefix_key
from s3mover.scripts import Script
from tasks import chord, deployment, janitor, outbox, uploads
from tasks.recount import recount

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.deployment import Deployment

log = logging.getLogger(__name__)

_QUIET = Script("tasks", "quiet")
_QUIET_PREFIXES = Script("tasks", "prefix_quiet", "prefix")

_SWEEPING = "s3mover:sweeping"
_LOOKED = "s3mover:looked"
_TROUBLED = "s3mover:troubled"
_HOUR = 3600
_LIMIT = 1000
_REPORT_TTL = 3600


@shared_task(name=SWEEP_TASK, bind=True)
def sweep(self: Task[Any, Any], *, dry_run: bool = False, thorough: bool = False) -> str:
    """
    Settle the moves that have gone quiet and abort uploads without a move.

    A `dry_run` only tells. `thorough` looks at S3's marks too, which is else done once an hour,
    and for a while after a move has gone quiet.
    """
    here = deployment.current()
    report = run_alone(here, dry_run=dry_run, thorough=thorough).model_dump_json()
    here.redis.set(sweep_key(str(self.request.id)), report, ex=_REPORT_TTL)
    return report


def run_alone(here: Deployment, *, dry_run: bool = False, thorough: bool = False) -> SweepReport:
    """Sweep once; two beats do no harm: of the sweeps that overlap, one works."""
    if not here.redis.set(_SWEEPING, "1", nx=True, ex=max(here.settings.sweep_interval, 1)):
        return SweepReport(settled=[], aborted=[], skipped=True)
    try:
        return run(here, dry_run=dry_run, thorough=thorough)
    finally:
        here.redis.delete(_SWEEPING)


def run(here: Deployment, *, dry_run: bool = False, thorough: bool = False) -> SweepReport:
    """Sweep once."""
    settled = quiet(here) if dry_run else settle_quiet(here)
    aborted = uploads.abort_orphans(here, dry_run=dry_run)
    if settled and not dry_run:  # what has lost them may have lost uploads too
        here.redis.set(_TROUBLED, "1", ex=3 * here.settings.sweep_grace)
    if thorough or here.redis.exists(_TROUBLED) or here.redis.set(_LOOKED, "1", nx=True, ex=_HOUR):
        aborted += janitor.abort_dead(here, dry_run=dry_run)
    found = SweepReport(settled=settled, aborted=aborted, dry_run=dry_run)
    if dry_run:
        return found
    outbox.remind(here)
    forget_expired(here)
    if recount(here.redis) == "mended":
        log.info("counted the active moves anew")
    if found.settled or found.aborted:
        log.info("settled %s, aborted %s", found.settled, found.aborted)
    return found


def quiet(here: Deployment) -> list[str]:
    """Return the ids of the moves that show no sign of life, and change nothing."""
    seconds, _ = here.redis.time()
    before = seconds - here.settings.sweep_grace
    found: list[str] = []
    for active in (ACTIVE, ACTIVE_PREFIXES):
        quiet_ones = here.redis.zrangebyscore(active, "-inf", before, start=0, num=_LIMIT)
        found += cast("list[str]", quiet_ones)
    return found


def settle_quiet(here: Deployment) -> list[str]:
    """Send the verdict on each move that shows no sign of life; return their ids."""
    flat = cast("list[str]", _QUIET(here.redis, here.settings.sweep_grace, _LIMIT))
    for move_id, generation, trace in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        group = chord.group_id(move_id, generation)
        name = shown(move_id, generation=int(generation))
        with tracing.continuing(trace):
            current_app.send_task(SETTLE_TASK, args=(group,), ignore_result=True, kwargsrepr=name)
    return flat[::3] + steer_quiet(here)


def steer_quiet(here: Deployment) -> list[str]:
    """Carry each move of a prefix on that shows no sign of life; return their ids."""
    found = cast("list[str]", _QUIET_PREFIXES(here.redis, here.settings.sweep_grace, _LIMIT))
    for prefix_id in found:
        name = shown(prefix_id)
        args = (prefix_id,)
        current_app.send_task(STEER_PREFIX_TASK, args=args, ignore_result=True, kwargsrepr=name)
    return found


def forget_expired(here: Deployment) -> None:
    """Drop the moves whose record has expired from the lists."""
    for index, key_of in ((MOVES, move_key), (PREFIXES, prefix_key)):
        _forget_expired(here, index, key_of)


def _forget_expired(here: Deployment, index: str, key_of: Callable[[str], str]) -> None:
    seconds, _ = here.redis.time()
    old = here.redis.zrangebyscore(
        index, "-inf", seconds - here.settings.record_ttl, start=0, num=_LIMIT
    )
    ids = cast("list[str]", old)
    pipe = here.redis.pipeline(transaction=False)
    for move_id in ids:
        pipe.exists(key_of(move_id))
    gone = [move_id for move_id, there in zip(ids, pipe.execute(), strict=True) if not there]
    if gone:
        here.redis.zrem(index, *gone)
