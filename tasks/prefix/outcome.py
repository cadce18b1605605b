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
            "source": str(item.target(source)),
            "destination": str(item.target(destination)),
            "end": self.end,
            "size": item.size,
            "etag": item.etag,
            "version_id": item.version_id,
            "evidence": self.evidence
            and {"kind": self.evidence.kind, "detail": self.evidence.detail},
            "deletion": self.deletion,
            "error": self.code and {"code": self.code, "message": self.message},
            "move": self.move,
        }
        return json.dumps({name: fact for name, fact in facts.items() if fact or fact == 0})


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
