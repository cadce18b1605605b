"""What a worker's event loop asks of Redis in one step: messages it acknowledges and takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import hiredis

from tests.process.resp import Request
from worker.take_script import DIGEST, TAKE

RECORD, ACKNOWLEDGE = "record unacked", "acknowledge unacked"

_GIVEN = 3  # of the arguments, counted from 0; the tags come after it


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is recorded, and the tag it is recorded under."""

    tag: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Taking:
    """One request for the script `take`."""

    words: tuple[bytes, ...]

    @property
    def _first(self) -> int:
        """Where the arguments begin."""
        return 3 + int(self.words[2])

    @property
    def tags(self) -> list[str]:
        """What is acknowledged."""
        return [tag.decode() for tag in self.words[self._first + _GIVEN + 1 :]]

    def without(self, tags: Iterable[str]) -> bytes:
        """Return the request as it is sent when some are not acknowledged."""
        end = self._first + _GIVEN + 1
        kept = (tag for tag in self.words[end:] if tag.decode() not in set(tags))
        words = (*self.words[:end], *kept)
        bulks = (b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        return b"*%d\r\n" % len(words) + b"".join(bulks)

    def recorded(self, reply: bytes) -> list[Message]:
        """Return the messages that are recorded, as the reply says."""
        reader = hiredis.Reader()
        reader.feed(reply)
        answer = cast("list[bytes] | Exception", reader.gets())
        if not isinstance(answer, list):  # the script is not known yet
            return []
        given = [(self.words[self._first + _GIVEN], answer[0])]
        found = [*given, *zip(answer[2::3], answer[3::3], strict=True)]
        return [Message(tag.decode(), text) for text, tag in found if tag]


def taking_of(request: Request) -> Taking | None:
    words = request.commands[0].words
    if len(words) > 1 and words[1] in {DIGEST.encode(), TAKE.encode()}:
        return Taking(words)
    return None
