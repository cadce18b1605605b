"""The whole listing of a prefix at once, for who only wants to know: pages side by side."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import driver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from driver import Listed, Location
    from tasks.deployment import Deployment

    _Answer = tuple[list[Listed], list[str]]

_AT_ONCE = 8


def all_pages(
    here: Deployment, source: Location, *, versions: bool, is_split: bool
) -> Iterator[list[Listed]]:
    """Yield what is on each page, in no order; raises the driver's errors."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="listing") as pool:

        def ask(cursor: str) -> Future[_Answer]:
            if not is_split:
                return pool.submit(_one_page, here, source, cursor, versions=versions)
            at = here.s3, here.settings.s3, source, cursor
            return pool.submit(driver.list_wide, *at, versions=versions, others=len(open_))

        open_: set[Future[_Answer]] = set()
        open_.add(ask(""))
        while open_:
            done, open_ = wait(open_, return_when=FIRST_COMPLETED)
            for each in done:
                found, following = each.result()
                open_ |= {ask(cursor) for cursor in following}
                yield found


def _one_page(here: Deployment, source: Location, cursor: str, *, versions: bool) -> _Answer:
    found, following = driver.list_page(here.s3, source, cursor, versions=versions)
    return found, [following] if following else []
