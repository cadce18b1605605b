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
from tasks.prefix.all_pages import all_pages
from tasks.prefix.begin import ends_of
from tasks.prefix.copies import ARCHIVES, needs_a_look
from tasks.prefix.lists import chosen, is_reserved, may_split
from tasks.prefix.sizes import by_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from driver import Listed, Location
    from tasks.deployment import Deployment
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
    source, _ = ends_of(here.settings, request)
    versions = driver.is_versioned(here.s3, source.bucket)
    lockable = versions and driver.is_lockable(here.s3, source.bucket)
    counts: Counter[str] = Counter()
    for found in all_pages(here, source, versions=versions, is_split=may_split(request)):
        _count(here, request, source, found, counts, lockable=lockable)
    names = ("objects", "bytes", "filtered", "small", "looked_at", "large", "parts", "pages")
    plan = PrefixPlan(**{name: counts[name] for name in names}, lost=_lost(counts))
    return estimate(
        plan,
        small_bytes=counts["small bytes"],
        threads=here.settings.concurrency,
        cap=here.settings.s3.multipartcopymaxconcurrency,
    )


def _count(
    here: Deployment,
    request: PrefixRequest,
    source: Location,
    found: Sequence[Listed],
    counts: Counter[str],
    *,
    lockable: bool,
) -> None:
    ours = [each for each in found if not is_reserved(each.key)]
    items = chosen(request, source, ours, datetime.now(UTC))
    small, large = by_size(here, items)
    mode = here.settings.verify
    counts["pages"] += 1
    counts["filtered"] += len(ours) - len(items)
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


def _parts(here: Deployment, item: Item) -> int:
    size = driver.part_size(item.size, here.settings.s3.multipartcopychunksize)
    return driver.part_count(item.size, size)


def _lost(counts: Counter[str]) -> list[str]:
    texts = {
        "archived": "archived: they cannot be moved unless they are restored",
        "composite": "uploaded in parts: their ETags change, and checksums of parts are lost",
        "large": "large: their ETags change, and checksums that S3 does not compute of parts",
    }
    return [f"{counts[name]} objects are {text}" for name, text in texts.items() if counts[name]]
