"""`s3mover.plan_prefix`: tell what a move of a prefix would do, by the same listing and rules."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from celery import Task, shared_task

import driver
from driver import DriverError
from s3mover import MoveError, PrefixRequest, prefix_journal
from s3mover.prefix_plan import PLAN_PREFIX_TASK, PrefixPlan, estimate
from tasks import deployment
from tasks.prefix.begin import ends_of
from tasks.prefix.copies import ARCHIVES, needs_a_look
from tasks.prefix.same_names import MOST, SameNames
from tasks.prefix.sizes import by_size
from tasks.prefix.sources import pages

if TYPE_CHECKING:
    from tasks.deployment import Deployment
    from tasks.prefix.sources import Found
    from tasks.prefix.work import Item

_TTL = 3600


@shared_task(name=PLAN_PREFIX_TASK, bind=True)
def plan_prefix(self: Task[Any, Any], /, **fields: Any) -> str:
    """Write down what the move would do; the arguments are the fields of PrefixRequest."""
    here = deployment.current()
    request = PrefixRequest.model_validate(fields)
    try:
        plan = plan_of(here, request)
    except DriverError as error:
        plan = PrefixPlan(error=MoveError(code=type(error).__name__, message=str(error)))
    key = prefix_journal.plan_key(str(self.request.id))
    here.redis.set(key, plan.model_dump_json(), ex=_TTL)
    return "planned"


def plan_of(here: Deployment, request: PrefixRequest) -> PrefixPlan:
    """List all pages, and count; raises the driver's errors for what would be refused."""
    ends = ends_of(here.settings, request)
    versions = driver.is_versioned(here.s3, ends[0].bucket)
    lockable = versions and driver.is_lockable(here.s3, ends[0].bucket)
    counts: Counter[str] = Counter()
    same = SameNames()
    for found in pages(here, request, ends, datetime.now(UTC), versions=versions):
        _count(here, request, found, counts, lockable=lockable)
        for item in found.items:
            if not item.fault:
                same.add(item)
    names = ("objects", "bytes", "filtered", "small", "looked_at", "large", "parts", "pages")
    plan = PrefixPlan(**{name: counts[name] for name in names}, lost=_lost(counts, same.count()))
    return estimate(
        plan,
        small_bytes=counts["small bytes"],
        threads=here.settings.concurrency,
        cap=here.settings.s3.multipartcopymaxconcurrency,
    )


def _count(
    here: Deployment,
    request: PrefixRequest,
    found: Found,
    counts: Counter[str],
    *,
    lockable: bool,
) -> None:
    items = [item for item in found.items if not item.fault]
    small, large = by_size(here, items)
    mode = here.settings.verify
    counts["pages"] += 1
    counts["filtered"] += found.filtered
    counts["objects"] += len(items)
    counts["bytes"] += sum(item.size for item in items)
    counts["small"] += len(small)
    counts["small bytes"] += sum(item.size for item in small)
    looked_at = (needs_a_look(request, item, mode, lockable=lockable) for item in small)
    counts["looked_at"] += sum(looked_at)
    counts["large"] += len(large)
    counts["parts"] += sum(_parts(here, item) for item in large)
    counts["composite"] += sum("-" in item.etag for item in small)
    counts["archived"] += sum(item.storageclass in ARCHIVES for item in items)
    counts["faults"] += len(found.items) - len(items)


def _parts(here: Deployment, item: Item) -> int:
    s3 = here.settings.s3
    cap = s3.multipartcopymaxconcurrency
    size = driver.chosen_part_size(item.size, s3.multipartcopychunksize, cap)
    return driver.part_count(item.size, size)


def _lost(counts: Counter[str], same: int | None) -> list[str]:
    texts = {
        "archived": "archived: they cannot be moved unless they are restored",
        "composite": "uploaded in parts: their ETags change, and checksums of parts are lost",
        "large": "large: their ETags change, and checksums that S3 does not compute of parts",
        "faults": "not to be moved as the manifest names them, or as the rekey does",
        "same": "named as another one is: they stay where they are",
    }
    counts["same"] = same or 0
    lost = [f"{counts[name]} objects are {text}" for name, text in texts.items() if counts[name]]
    if same is None:
        lost.append(f"whether two objects get one name was not looked at: more than {MOST}")
    return lost
