"""What has come of an object: a line of the report, and a count."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from driver import Evidence, Location
    from tasks.prefix.work import Item

GONE = "SourceGone"
DUPLICATE = "Duplicate"
HARMLESS = frozenset({DUPLICATE, GONE})
"""Faults of lines of a manifest whose objects were moved, by another line or another move."""

_NO_SOURCES = frozenset({DUPLICATE, "MalformedEntry", "OutsidePrefix"})
"""Faults of lines that are no objects below the source, or not the first of one."""

End = Literal["moved", "skipped", "failed", "left"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the move of one object has ended; `left`: it was not begun, or is as it was."""

    item: Item
    end: End
    evidence: Evidence | None = None
    deletion: str = ""
    code: str = ""
    message: str = ""
    move: str = ""
    """The id of the move that a large object was."""

    def line(self, source: Location, destination: Location) -> str:
        """Return the object's line of the report."""
        item = self.item
        facts = {
            **self._ends(source, destination),
            "line": item.line or None,
            "end": self.end,
            "size": item.size,
            "etag": item.etag,
            "version_id": item.version_id,
            "storageclass": item.storageclass,
            "evidence": self.evidence
            and {"kind": self.evidence.kind, "detail": self.evidence.detail},
            "deletion": self.deletion,
            "error": self.code and {"code": self.code, "message": self.message},
            "move": self.move,
        }
        return json.dumps({name: fact for name, fact in facts.items() if fact or fact == 0})

    def _ends(self, source: Location, destination: Location) -> dict[str, str]:
        if self.code in _NO_SOURCES:
            return {"entry": self.item.name}
        return {
            "source": str(self.item.place(source)),
            "destination": str(self.item.target(destination)),
        }


def fault_of(item: Item) -> Outcome:
    """Return what has come of an object that is not begun, because of its fault."""
    code, _, text = item.fault.partition(": ")
    return Outcome(item, "skipped" if code in HARMLESS else "failed", code=code, message=text)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a page adds to the counts of its move."""

    moved: int = 0
    moved_bytes: int = 0
    skipped: int = 0
    failed: int = 0
    left: int = 0
    troubles: tuple[tuple[str, int, str], ...] = ()
    """Of each kind of error its code, how many there were, and an example."""


def tally(outcomes: Iterable[Outcome]) -> Tally:
    ended = list(outcomes)
    ends = Counter(each.end for each in ended)
    failed = [each for each in ended if each.end == "failed"]
    codes = Counter(each.code for each in failed)
    examples = {each.code: json.dumps([each.item.name, each.message[:500]]) for each in failed}
    return Tally(
        moved=ends["moved"],
        moved_bytes=sum(each.item.size for each in ended if each.end == "moved"),
        skipped=ends["skipped"],
        failed=ends["failed"],
        left=ends["left"],
        troubles=tuple((code, codes[code], examples[code]) for code in sorted(codes)),
    )
