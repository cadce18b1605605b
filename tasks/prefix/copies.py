"""The copy of one small object, and its proof; the source is deleted with others of its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import driver
from driver import (
    AccessDenied,
    Asked,
    DestinationChanged,
    Evidence,
    Location,
    PathNotFoundError,
    Pin,
    Rejected,
)
from s3mover.locations import MAX_KEY_BYTES
from tasks.confine import check_key
from tasks.fidelity import DEFAULTS
from tasks.prefix.names import replaces_nothing
from tasks.prefix.outcome import GONE, Outcome

if TYPE_CHECKING:
    from driver import Mode, Source
    from s3mover import PrefixRequest
    from tasks.deployment import Deployment
    from tasks.prefix.page import Page
    from tasks.prefix.work import Item

_PLAIN = re.compile(r"[0-9a-f]{32}")

ARCHIVES = frozenset({"GLACIER", "DEEP_ARCHIVE"})


@dataclass(frozen=True, slots=True)
class Copied:
    """An object whose copy is proven, and which may be deleted."""

    item: Item
    pin: Pin
    evidence: Evidence
    etag: str
    """Of the copy."""

    is_gone: bool = False
    """Whether the source is deleted already, by a task that did not live to say so."""


@dataclass(frozen=True)
class Copier:
    """What the objects of a page have in common."""

    here: Deployment
    request: PrefixRequest
    source: Location
    destination: Location
    lockable: bool
    proven: dict[str, str]

    @classmethod
    def of(cls, here: Deployment, page: Page) -> Copier:
        return cls(
            here,
            page.request,
            page.source,
            page.destination,
            lockable=bool(page.move.get("lockable")),
            proven=page.proven,
        )

    def copy(self, item: Item, *, is_again: bool) -> Copied | Outcome:
        """
        Copy an object and prove it; raises the driver's errors but of a source that is gone.

        `is_again`: somebody has begun with it, and never heard what came of it.
        """
        pin, target = item.pin(self.source), item.target(self.destination)
        self._refuse(pin.location, target)
        try:
            return self._copy(item, pin, target)
        except PathNotFoundError:
            return self._gone(item, pin, target)
        except DestinationChanged as error:
            return self._taken(item, pin, target, error, is_again=is_again)

    def is_copied(self, item: Item) -> bool:
        """Tell whether the destination looks like a copy: of a page that is to be stopped."""
        try:
            found = driver.head(self.here.s3, item.target(self.destination))
        except PathNotFoundError:
            return False
        # Of what is encrypted by a key of KMS, or was uploaded in parts, the ETag is another. What
        # was there before may be of that size too: then one more object is moved, as was asked.
        return found.size == item.size

    def _refuse(self, source: Location, target: Location) -> None:
        for location in (source, target):
            check_key(self.here.settings, location)
        if len(target.key.encode()) > MAX_KEY_BYTES:
            text = f"its key would be longer than S3's {MAX_KEY_BYTES} bytes"
            raise Rejected(text, operation="move", source=str(source), code="KeyTooLong")
        driver.refuse_aliases(self.here.settings.s3, source, target)

    def _copy(self, item: Item, pin: Pin, target: Location) -> Copied:
        s3, settings = self.here.s3, self.here.settings
        source = self._source(item, pin)
        is_careful = replaces_nothing(self.request, item)
        condition = driver.ABSENT if is_careful else driver.UNCONDITIONAL
        etag = driver.copy_whole(s3, self._policy(source), source, target, condition).strip('"')
        if settings.verify in {"auto", "size"} and etag == pin.etag and _PLAIN.fullmatch(etag):
            return Copied(item, pin, Evidence("etag", f"both ETags are {etag}"), etag)
        return Copied(item, pin, driver.verify(s3, pin, target, settings.verify, etag), etag)

    def _source(self, item: Item, pin: Pin) -> Source:
        """Return what the copy has to know: by the listing, or by a HEAD where that says less."""
        mode = self.here.settings.verify
        if not needs_a_look(self.request, item, mode, lockable=self.lockable):
            return driver.source_of(pin, item.storageclass or "STANDARD")
        source = driver.recheck(self.here.s3, pin)
        driver.refuse_unmovable(source)
        driver.refuse_unverifiable(source, mode, in_parts=False)
        return source

    def _policy(self, source: Source) -> dict[str, Any]:
        asked = Asked(self.request.storageclass or "", self.request.encryption or "")
        policy = driver.policy_of(self.here.settings.s3, source, asked)
        return policy | self._without_tags(source.pin)

    def _without_tags(self, pin: Pin) -> dict[str, Any]:
        """Leave tags that cannot be read where the request lets them be lost."""
        if {**DEFAULTS, **(self.request.preserve or {})}["tags"] == "strict":
            return {}
        try:
            driver.tags_of(self.here.s3, pin)
        except AccessDenied:
            return {"TaggingDirective": "REPLACE"}
        return {}

    def _gone(self, item: Item, pin: Pin, target: Location) -> Copied | Outcome:
        """Decide an object whose source is gone: moved by a task that is dead, or lost to us."""
        lost = PathNotFoundError(str(pin.location), source=str(pin.location))
        try:
            found = driver.head(self.here.s3, target)
        except PathNotFoundError:
            raise lost from None
        if not self._is_copy(item, found):
            raise lost
        if item.line and str(item.number) not in self.proven:  # by an earlier line, or a move
            text = f"the source is gone, and its copy is at {target}"
            return Outcome(item, "skipped", code=GONE, message=text)
        evidence = Evidence("etag", f"the ETag is {found.etag}; the source was gone")
        return Copied(item, pin, evidence, found.etag, is_gone=True)

    def _is_copy(self, item: Item, found: Source) -> bool:
        etag = self.proven.get(str(item.number)) or item.etag
        return (found.etag, found.size) == (etag, item.size)

    def _taken(
        self, item: Item, pin: Pin, target: Location, error: DestinationChanged, *, is_again: bool
    ) -> Copied | Outcome:
        """Decide an object whose destination is taken: by a copy of ours, or by another's."""
        if error.repeated or is_again or item.is_alone:
            mode = self.here.settings.verify
            evidence = driver.proof(self.here.s3, pin, target, mode)
            if evidence is None and not _PLAIN.fullmatch(pin.etag):  # small, and rare
                evidence = driver.proof(self.here.s3, pin, target, "read")
            if evidence is not None:
                etag = driver.head(self.here.s3, target).etag
                return Copied(item, pin, evidence, etag)
        if self.request.overwrite != "never":
            return Outcome(item, "failed", code="Collision", message=f"{target}: {error.detail}")
        return Outcome(item, "skipped", code=type(error).__name__, message=error.detail)


def needs_a_look(request: PrefixRequest, item: Item, mode: Mode, *, lockable: bool) -> bool:
    """
    Tell whether the listing does not say enough of a small object.

    Of one that may be locked, is archived, has to keep its own encryption, or is empty: those
    that redirect are, and a copy does not carry that by itself (S3 API, 2026-11).
    """
    return (
        lockable
        or item.size == 0
        or item.name.endswith("/")
        or item.storageclass in ARCHIVES
        or request.encryption == "keep"
        or mode not in {"auto", "size"}
    )
