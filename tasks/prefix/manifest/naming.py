"""The objects that a manifest names: looked at where it says too little of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import driver
from driver import Listed, Location, PathNotFoundError, Permanent, Throttled, Transient
from s3mover.prefix_filters import is_named, matches
from s3mover.prefix_rekey import needs_date, rekeyed
from tasks.confine import check_key
from tasks.prefix.looks import each_of, patiently
from tasks.prefix.names import item_of
from tasks.prefix.outcome import GONE
from tasks.prefix.work import Item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from s3mover import PrefixRequest
    from tasks.deployment import Deployment
    from tasks.prefix.manifest.entries import Entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a manifest: an entry, or else a text and why it is none."""

    line: int
    entry: Entry | None
    text: str = ""
    fault: str = ""
    is_alone: bool = False


@dataclass(frozen=True)
class Namer:
    """Makes objects of a page from lines of a manifest."""

    here: Deployment
    request: PrefixRequest
    source: Location
    destination: Location
    created: datetime
    versions: bool = False
    """Whether the bucket keeps versions, so that each object needs one."""

    def is_below(self, place: Location) -> bool:
        return place.bucket == self.source.bucket and place.key.startswith(self.source.key)

    def items(self, wanted: Sequence[Wanted]) -> list[Item]:
        """Return the objects that are meant, numbered; some with a fault."""
        unknown = [each for each in wanted if each.entry and self._needs_a_look(each.entry)]
        seen = dict(zip(unknown, each_of(self.here, self._item, unknown), strict=True))
        found = (seen[each] if each in seen else self._item(each) for each in wanted)
        meant = (item for item in found if item is not None)
        return [replace(item, number=number) for number, item in enumerate(meant)]

    def _item(self, each: Wanted) -> Item | None:
        if each.entry is None:
            return Item(0, each.text, 0, "", line=each.line, fault=each.fault)
        name = each.entry.key[len(self.source.key) :]
        if not is_named(self.request, name):
            return None
        bare = Item(0, name, each.entry.size or 0, each.entry.etag, line=each.line)
        try:
            check_key(self.here.settings, Location(each.entry.bucket, each.entry.key))
            listed = self._listed(each.entry)
        except PathNotFoundError:
            return replace(bare, fault=self._gone(each.entry, name))
        except Throttled:  # the page comes again later
            raise
        except (Permanent, Transient) as error:
            return replace(bare, fault=f"{type(error).__name__}: {error}")
        if not matches(self.request, name, listed.size, listed.modified, self.created):
            return None
        item = item_of(0, listed, len(self.source.key), self.request.rekey)
        return replace(item, line=each.line, is_alone=each.is_alone)

    def _listed(self, entry: Entry) -> Listed:
        """Return what the entry says, or a look at the object where that is not enough."""
        if not self._needs_a_look(entry):
            return Listed(
                entry.key,
                entry.size or 0,
                entry.etag,
                entry.version_id,
                entry.storageclass or "STANDARD",
                entry.modified or self.created,
            )
        place = Location(entry.bucket, entry.key)
        found = patiently(self.here, lambda: driver.look(self.here.s3, place, entry.version_id))
        is_other = entry.etag not in {"", found.etag} or entry.size not in {None, found.size}
        if is_other:
            text = f"its ETag is {found.etag}, the manifest says {entry.etag or 'another size'}"
            raise driver.SourceChanged(text, operation="HeadObject", source=str(place))
        return found

    def _needs_a_look(self, entry: Entry) -> bool:
        asked, s3 = self.request, self.here.settings.s3
        keeps_class = not asked.storageclass and "storageclass" not in s3.model_fields_set
        needs_time = asked.older or asked.newer or needs_date(asked.rekey)
        return bool(
            entry.size is None
            or not entry.etag
            or driver.is_multipart(entry.size, s3.multipartcopythresholdsize)
            or (self.versions and not entry.version_id)
            or (keeps_class and not entry.storageclass)
            or (needs_time and entry.modified is None)
        )

    def _gone(self, entry: Entry, name: str) -> str:
        """Tell an object that was moved already from one that never was."""
        lost = f"PathNotFoundError: nothing is at s3://{entry.bucket}/{entry.key}"
        rekey = self.request.rekey
        if needs_date(rekey) and entry.modified is None:
            return lost
        renamed = rekeyed(rekey, name, entry.modified) if rekey else name
        target = Location(self.destination.bucket, self.destination.key + renamed)
        try:
            patiently(self.here, lambda: driver.look(self.here.s3, target))
        except (Permanent, Transient):
            return lost
        return f"{GONE}: nothing is at s3://{entry.bucket}/{entry.key}, and there is {target}"
