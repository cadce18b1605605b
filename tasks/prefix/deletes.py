"""The sources of a page go, in one request that holds each to its ETag or version."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import driver
from driver import (
    DriverError,
    NotImplementedByStore,
    Rejected,
    SourceChanged,
    Throttled,
    Transient,
)
from tasks.backoff import backoff
from tasks.prefix.outcome import Outcome
from tasks.throttle import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from driver import Pin
    from tasks.deployment import Deployment
    from tasks.prefix.copies import Copied
    from tasks.prefix.page import Page

_BATCH = 1000


def delete(here: Deployment, page: Page, copied: Sequence[Copied]) -> list[Outcome]:
    """Delete the sources of what is proven, and say what has come of each."""
    there = [each for each in copied if not each.is_gone]
    marks = {
        str(each.item.number): each.etag if each.etag != each.pin.etag else ""
        for each in there
        if each.etag != each.pin.etag or each.item.line
    }
    # A task that dies after the delete leaves nothing else to tell copies of other ETags by, nor
    # what it has moved from what an earlier line of the manifest had.
    if marks:
        page.prove(page.proven | marks)
    errors: dict[Pin, DriverError] = {}
    for start in range(0, len(there), _BATCH):
        pins = [each.pin for each in there[start : start + _BATCH]]
        errors |= _many(here, pins) if page.move.get("deletion") == "batch" else _each(here, pins)
    return [_outcome(page, each, errors.get(each.pin)) for each in copied]


def _outcome(page: Page, copied: Copied, error: DriverError | None) -> Outcome:
    if error is not None:
        text = f"{error}; the copy is proven and stays at the destination, beside the source"
        code = type(error).__name__
        return Outcome(copied.item, "failed", copied.evidence, code=code, message=text)
    how = page.move.get("deletion", "")
    if copied.is_gone:
        how = "gone"
    elif how == "batch":
        how = "version" if copied.pin.version_id else "if-match"
    return Outcome(copied.item, "moved", copied.evidence, deletion=how)


def _many(here: Deployment, pins: list[Pin]) -> dict[Pin, DriverError]:
    """Delete them by one request; those that failed for a passing reason again, a few times."""
    left, patience = pins, Patience(here)
    errors: dict[Pin, DriverError] = {}
    while left:
        try:
            found = driver.delete_sources(here.s3, left)
        except Transient as error:
            found = dict.fromkeys(left, error)
        except (NotImplementedByStore, Rejected):
            return errors | _each(here, left)  # one of the keys may be none that XML can hold
        errors = {pin: error for pin, error in errors.items() if pin not in left} | found
        left = [pin for pin, error in found.items() if isinstance(error, Transient)]
        if left and not patience.wait([found[pin] for pin in left]):
            break
    return _still_there(here, errors)


def _each(here: Deployment, pins: Sequence[Pin]) -> dict[Pin, DriverError]:
    """Delete them one by one, as a store wants it that has no conditions in batches."""
    found = {pin: _one(here, pin) for pin in pins}
    return _still_there(here, {pin: error for pin, error in found.items() if error})


def _one(here: Deployment, pin: Pin) -> DriverError | None:
    patience = Patience(here)
    while True:
        try:
            driver.delete_source(here.s3, pin)
        except Transient as error:
            if not patience.wait([error]):
                return error
        except DriverError as error:
            return error
        else:
            return None


def _still_there(here: Deployment, errors: dict[Pin, DriverError]) -> dict[Pin, DriverError]:
    """Leave out what is gone: it was deleted, and only the answer was lost."""
    doubtful = [
        pin for pin, error in errors.items() if isinstance(error, (Transient, SourceChanged))
    ]
    gone = {pin for pin in doubtful if _is_gone(here, pin)}
    return {pin: error for pin, error in errors.items() if pin not in gone}


def _is_gone(here: Deployment, pin: Pin) -> bool:
    try:
        return driver.is_gone(here.s3, pin)
    except DriverError:  # another object is there, or nothing is known of it
        return False


class Patience:
    """How long what fails for a passing reason is tried again."""

    def __init__(self, here: Deployment) -> None:
        self._here = here
        self._tries = 0
        self._waited = 0.0

    def wait(self, errors: Iterable[DriverError]) -> bool:
        """Wait before the next try; False if there is to be none."""
        self._tries += not any(isinstance(error, Throttled) for error in errors)
        if self._tries >= self._here.settings.attempts or self._waited >= LONGEST:
            return False
        pause = backoff(self._here.settings, max(self._tries, 1))
        self._waited += pause
        time.sleep(pause)
        return True
