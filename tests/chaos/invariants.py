"""The promises, as questions about what was found at the end of a run; no I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s3mover import State

LASTING = {
    "move",
    "moves",
    "sweep",
    "sweeping",
    "looked",
    "troubled",
    "doctor",
    "throttle",
    "intents",
    "tally",
    "prefix",
    "prefixes",
    "troubles",
}
"""Kinds of keys in Redis that stay when no move is under way: records, limits, counts."""


@dataclass(frozen=True)
class Violation:
    """A promise that was broken, and by which move."""

    promise: str
    move: str
    detail: str


@dataclass(frozen=True)
class Ends:
    """The SHA-256 of both objects of a move; None where there is none."""

    source: str | None
    destination: str | None


@dataclass(frozen=True)
class Found:
    """What is known of a move at the end of a run."""

    move: str
    state: State | None
    """As its record says; None if there is no record."""

    first_end: State | None
    """The final state that its client saw first."""

    committed: bool
    """Whether its copy was completed, or may have been."""

    before: Ends
    now: Ends


def of_move(found: Found) -> list[Violation]:
    """Check one move: its state, and what is at both ends."""
    if found.state is None or not found.state.final:
        return [Violation("ends by itself", found.move, f"the record says {found.state}")]
    broken = list(_of_bytes(found))
    if found.first_end not in {found.state, None}:
        text = f"{found.first_end} became {found.state}"
        broken.append(Violation("an end is final", found.move, text))
    return broken


def of_moves(found: Iterable[Found]) -> list[Violation]:
    """Check each move."""
    return [violation for each in found for violation in of_move(each)]


def _of_bytes(found: Found) -> Iterable[Violation]:
    before, now = found.before, found.now
    if before.source not in {now.source, now.destination}:
        yield Violation("nothing is lost", found.move, f"{found.state}, the bytes are nowhere")
    if found.state is State.DONE:
        if now.destination != before.source:
            yield Violation("done: the bytes are there", found.move, _named(before, now))
        if now.source is not None:
            yield Violation("done: the source is gone", found.move, _named(before, now))
        return
    if now.source != before.source:
        yield Violation(f"{found.state}: the source stays", found.move, _named(before, now))
    if now.destination != before.destination and not _is_documented(found):
        yield Violation(f"{found.state}: the old stays", found.move, _named(before, now))


def _is_documented(found: Found) -> bool:
    """Tell whether a move failed after its copy was completed (README, promise 3)."""
    copied = found.now.destination == found.before.source
    return found.state is State.FAILED and found.committed and copied


def is_exception(found: Found) -> bool:
    """Tell whether the old destination is gone, as documented."""
    return found.now.destination != found.before.destination and _is_documented(found)


def of_deletion(move: str, *, source: str, ends: Ends) -> list[Violation]:
    """Check the moment before a source is deleted: the destination must hold its bytes."""
    if ends.source is None or ends.destination == source:
        return []
    text = f"the source was about to be deleted, the destination held {_short(ends.destination)}"
    return [Violation("proven before deleted", move, text)]


def of_uploads(uploads: Mapping[str, str]) -> list[Violation]:
    """Check the uploads that are left, by id, with their keys."""
    return [Violation("no upload is left", key, upload) for upload, key in uploads.items()]


def of_bucket(keys: Iterable[str], expected: Iterable[str]) -> list[Violation]:
    """Check that nothing is in the bucket but what was put there, and its destinations."""
    surplus = sorted(set(keys) - set(expected))
    return [Violation("nothing else is written", key, "not asked for") for key in surplus]


def of_redis(keys: Iterable[str], messages: Iterable[str]) -> list[Violation]:
    """Check what is left in Redis; a sweep's messages come and go."""
    ours = [key for key in keys if key.startswith("s3mover:") and _kind(key) not in LASTING]
    left = [text for text in messages if "s3mover.sweep" not in text]
    return [
        *(Violation("no lock, lease or claim is left", key, "a key in Redis") for key in ours),
        *(Violation("no message is left", "", text[:300]) for text in left),
    ]


def _kind(key: str) -> str:
    return key.split(":")[1]


def _named(before: Ends, now: Ends) -> str:
    names = {before.source: "the bytes", before.destination: "the old bytes", None: "nothing"}
    source, destination = (names.get(end, _short(end)) for end in (now.source, now.destination))
    return f"source: {source}, destination: {destination}"


def _short(digest: str | None) -> str:
    return "nothing" if digest is None else f"bytes of SHA-256 {digest[:12]}…"
