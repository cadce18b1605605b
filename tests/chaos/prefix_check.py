"""The promises of a prefix move, as questions about what was found at the end; no I/O."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from s3mover import PrefixRecord
from tests.chaos.invariants import Violation

Place = Literal["thing", "old", "other"]
"""What is under a key: the object that was to be moved, what was there before, something else."""


@dataclass(frozen=True)
class Line:
    """What the report says of an object."""

    end: str
    code: str


@dataclass(frozen=True)
class Told:
    """A move's record at its end, and its report: of each name all of its lines."""

    record: PrefixRecord
    lines: Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class FoundPrefix:
    """What there is at the end, by name; `before` has all names, and whether there was an old."""

    name: str
    before: Mapping[str, bool]
    source: Mapping[str, Place]
    destination: Mapping[str, Place]
    moves: Sequence[Told]
    """The move, and those that moved again what it had left."""


def of_prefix(found: FoundPrefix) -> list[Violation]:
    """Check the moves of a prefix: their counts, their reports and where each object is."""
    broken = [text for told in found.moves for text in _of_counts(told)]
    broken += [f"{name}: {text}" for name in found.before for text in _of_object(found, name)]
    strange = {name for told in found.moves for name in told.lines} - found.before.keys()
    broken += [f"{name}: has a line, and never was" for name in sorted(strange)]
    return [Violation("each object once", found.name, text) for text in broken]


def _of_counts(told: Told) -> Iterable[str]:
    record = told.record
    if not record.state.final:
        yield f"{record.id} is {record.state}"
        return
    ended = record.moved + record.skipped + record.failed
    if record.found != ended + record.left:
        yield f"{record.id}: found {record.found}, ended {ended}, left {record.left}"
    if (record.pages_open, record.children_open) != (0, 0):
        yield f"{record.id}: {record.pages_open} pages and {record.children_open} children are open"
    ends = Counter(line.end for lines in told.lines.values() for line in lines)
    counted = {"moved": record.moved, "skipped": record.skipped, "failed": record.failed}
    if dict(ends) != {end: count for end, count in counted.items() if count}:
        yield f"{record.id}: counted {counted}, reported {dict(ends)}"
    twice = [name for name, lines in told.lines.items() if len(lines) > 1]
    if twice:
        yield f"{record.id}: {len(twice)} objects have two lines, such as {twice[0]}"


def _of_object(found: FoundPrefix, name: str) -> Iterable[str]:
    source, destination = found.source.get(name), found.destination.get(name)
    lines = lines_of(found, name)
    moved = sum(line.end == "moved" for line in lines)
    if moved > 1:
        yield "moved twice"
    if moved and (source, destination) != (None, "thing"):
        yield f"moved, but at its source is {source} and at its destination {destination}"
    if not moved:
        if source != "thing":
            yield f"not moved, but at its source is {source}, at its destination {destination}"
        is_old = destination == ("old" if found.before[name] else None)
        if not is_old and not is_exception(destination, lines):
            yield f"not moved ({lines}), but at its destination is {destination}"
    if not lines and found.moves[-1].record.state != "cancelled":
        yield "has no line"


def lines_of(found: FoundPrefix, name: str) -> list[Line]:
    """Return what all moves say of an object."""
    return [line for told in found.moves for line in told.lines.get(name, ())]


def is_exception(destination: Place | None, lines: Sequence[Line]) -> bool:
    """Tell whether a copy stays beside its source, as documented of those that failed."""
    return destination == "thing" and any(line.end == "failed" for line in lines)
