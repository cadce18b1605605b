"""The small objects of a page: copied by threads, each tried until it is proven or has failed."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import lru_cache
from typing import TYPE_CHECKING

from driver import DriverError, Throttled, Transient
from tasks.backoff import backoff
from tasks.prefix.copies import Copied, Copier
from tasks.prefix.outcome import Outcome
from tasks.prefix.places import Places
from tasks.throttle import LONGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.deployment import Deployment
    from tasks.prefix.page import Page
    from tasks.prefix.work import Item

log = logging.getLogger(__name__)

_LOOK = 1.0  # seconds between looks whether the move is asked to stop, and tellings of progress


@lru_cache(maxsize=1)
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return the threads that all pages of this process share: one for each connection."""
    return ThreadPoolExecutor(threads, thread_name_prefix="objects")


class Runner:
    """Copies objects of a page; those that are not begun when the move is halted are left."""

    def __init__(self, here: Deployment, page: Page) -> None:
        self._here = here
        self._page = page
        self._copier = Copier.of(here, page)
        self._places = Places(here, page.destination.bucket, page.id)
        self._halt = threading.Event()

    def run(self, items: Sequence[Item]) -> list[Copied | Outcome]:
        """Return what has come of each, in their order."""
        if self._page.halted():
            self._halt.set()
        pool = _pool(self._here.settings.concurrency)
        futures = [pool.submit(self._one, item) for item in items]
        pending, copied, total = set(futures), 0, 0
        try:
            while pending:
                done, pending = wait(pending, timeout=_LOOK)
                sizes = [size for size in map(_copied_size, done) if size is not None]
                copied, total = copied + len(sizes), total + sum(sizes)
                if pending and self._page.copied(copied, total):
                    self._halt.set()
        finally:  # this task ends: what is not begun by its threads must not be
            self._halt.set()
        return [future.result() for future in futures]

    def _one(self, item: Item) -> Copied | Outcome:
        try:
            if self._halt.is_set() and not self._is_begun(item, is_again=self._page.is_again):
                return Outcome(item, "left")
            return self._until_decided(item)
        except DriverError as error:
            return _failed(item, error)
        except Exception as error:
            log.exception("%s of %s", item.name, self._page.id)
            return _failed(item, error)

    def _is_begun(self, item: Item, *, is_again: bool) -> bool:
        """Tell whether it is copied, by who never heard so: then it is brought to its end."""
        attempts = self._here.settings.attempts if is_again else 0
        for tries in range(1, attempts + 1):
            try:
                return self._copier.is_copied(item)
            except Transient:
                if tries == attempts:
                    raise
                time.sleep(backoff(self._here.settings, tries))
        return False

    def _until_decided(self, item: Item) -> Copied | Outcome:
        tries, waited, is_again = 0, 0.0, self._page.is_again
        while True:
            try:
                with self._places.place() as pause:
                    if not pause:
                        return self._copier.copy(item, is_again=is_again)
            except Throttled as error:
                if waited >= LONGEST:
                    raise
                pause = self._places.pause(error, 1)
                waited += pause
            except Transient:
                tries, is_again = tries + 1, True  # it may be copied, and only the answer lost
                if tries >= self._here.settings.attempts:
                    raise
                pause = backoff(self._here.settings, tries)
            if self._halt.wait(pause):
                if not self._is_begun(item, is_again=is_again):
                    return Outcome(item, "left")
                time.sleep(pause)


def _copied_size(future: Future[Copied | Outcome]) -> int | None:
    """Return the bytes of an object that is copied; None of another."""
    found = None if future.exception() else future.result()
    return found.item.size if isinstance(found, Copied) else None


def _failed(item: Item, error: Exception) -> Outcome:
    return Outcome(item, "failed", code=type(error).__name__, message=str(error))
