"""`s3mover.move_batch`: list a page, move its objects, count them once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from celery import Task, shared_task

from driver import Permanent, Throttled, Transient
from s3mover.prefix_contract import MOVE_BATCH_TASK
from tasks import deployment
from tasks.backoff import backoff
from tasks.errors import PoisonedPart, Superseded
from tasks.prefix import children, deletes, lists, reports
from tasks.prefix.outcome import Outcome, fault_of, tally
from tasks.prefix.page import Refused, claimed
from tasks.prefix.run import Runner
from tasks.prefix.sizes import by_size
from tasks.prefix.steer import carry, fail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.deployment import Deployment
    from tasks.prefix.page import Page
    from tasks.prefix.work import Item

log = logging.getLogger(__name__)

_POISON = 4  # times the attempts: whatever kills a worker takes innocent pages along


@shared_task(name=MOVE_BATCH_TASK, bind=True, max_retries=None)
def move_batch(self: Task[Any, Any], prefix_id: str, number: int) -> str:
    """Move the objects of one page; safe to deliver twice."""
    here = deployment.current()
    tries = self.request.retries or 0
    try:
        with claimed(here, prefix_id, number) as page:
            _move(here, page)
    except Refused as refused:
        if refused.verdict == "busy":  # never dropped: its other holder may be dead
            longest = here.settings.visibility_timeout / 4
            raise self.retry(countdown=min(refused.seconds, longest)) from None
        return refused.verdict
    except Superseded:
        return "superseded"
    except Throttled as error:
        raise self.retry(countdown=backoff(here.settings, 2), exc=error) from error
    except Transient as error:
        if tries < _POISON * here.settings.attempts:
            raise self.retry(countdown=backoff(here.settings, tries + 1), exc=error) from error
        return _give_up(here, prefix_id, error)
    except Permanent as error:
        return _give_up(here, prefix_id, error)
    return "moved"


def _give_up(here: Deployment, prefix_id: str, error: Exception) -> str:
    """End the whole: its listing cannot go on."""
    fail(here, prefix_id, error)
    carry(here, prefix_id)
    return "failed"


def _move(here: Deployment, page: Page) -> None:
    if page.waits:
        outcomes = children.ended(page)
        reports.write(here, page, outcomes)
        page.end(tally([]))  # they were counted when they ended
        return
    if page.items is None and page.halted():
        page.end(tally([]))
        return
    is_poison = page.deaths > _POISON * here.settings.attempts
    text = f"page {page.number} was begun again and again, and never ended"
    if page.items is None:
        if is_poison:
            raise PoisonedPart(text)
        _work(here, page, lists.fill(here, page))
    elif is_poison:
        _give_up_page(here, page, page.items, text)
    else:
        _work(here, page, page.items)


def _give_up_page(here: Deployment, page: Page, items: list[Item], text: str) -> None:
    """Count its small objects as failed; large ones that are under way come to their own ends."""
    adopted = [item for item in items if f"child {item.number}" in page.fields]
    code = PoisonedPart.__name__
    failed = [
        Outcome(item, "failed", code=code, message=text) for item in items if item not in adopted
    ]
    reports.write(here, page, failed)
    page.end(tally(failed), adopted, waits=bool(adopted))


def _work(here: Deployment, page: Page, items: Iterable[Item]) -> None:
    faults = [fault_of(item) for item in items if item.fault]
    small, large = by_size(here, [item for item in items if not item.fault])
    is_paused = page.halted()
    outcomes = [] if is_paused else children.adopt(page, large)
    large = [item for item in large if item not in {each.item for each in outcomes}]
    results = Runner(here, page).run(small)
    outcomes += faults
    outcomes += [each for each in results if isinstance(each, Outcome)]
    outcomes += deletes.delete(here, page, [e for e in results if not isinstance(e, Outcome)])
    reports.write(here, page, outcomes)
    _end(page, outcomes, large, is_paused=is_paused)


def _end(page: Page, outcomes: list[Outcome], large: list[Item], *, is_paused: bool) -> None:
    """Count what has ended; what a pause has left remains, what a cancel has left is left."""
    left = [each.item for each in outcomes if each.end == "left"]
    if is_paused:
        adopted = [item for item in large if f"child {item.number}" in page.fields]
        left += [item for item in large if item not in adopted]
        large = adopted
    if not left:
        page.end(tally(outcomes), large, waits=bool(large))
    elif page.is_stopped():
        gone = [each for each in outcomes if each.end != "left"]
        page.end(
            tally([*gone, *(Outcome(item, "left") for item in left)]), large, waits=bool(large)
        )
    else:
        done = [each for each in outcomes if each.end != "left"]
        page.end(tally(done), [*left, *large])
