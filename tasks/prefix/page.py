"""The worker's side of a prefix move's journal: claiming a page, saving its list, ending it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from celery import current_app

from driver import Location, Transient
from s3mover.display import shown
from s3mover.journal import kinds_of
from s3mover.prefix_contract import MOVE_BATCH_TASK, PrefixRequest, PrefixState
from s3mover.prefix_journal import prefix_key
from s3mover.scripts import Script
from tasks import outbox
from tasks.errors import Superseded
from tasks.prefix.work import Item, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tasks.deployment import Deployment
    from tasks.prefix.outcome import Tally

WINDOW = 8
"""Pages of one move that are worked on at once, over the whole fleet."""

MOST_CHILDREN = 1000
"""Large objects of one move under way above which no further page is listed."""

_CLAIM = Script("tasks", "prefix_claim", "prefix")
_SAVE = Script("tasks", "prefix_save", "prefix")
_ADOPT = Script("tasks", "prefix_adopt", "prefix")
_PROVE = Script("tasks", "prefix_prove", "prefix")
_COPIED = Script("tasks", "prefix_copied", "prefix")
_END = Script("tasks", "prefix_end", "prefix")
_RELEASE = Script("tasks", "prefix_release", "prefix")


@dataclass
class Page:
    """A page of a prefix move that this task alone may work on."""

    here: Deployment
    id: str
    number: int
    token: str
    move: dict[str, str] = field(default_factory=dict)
    """The fields of the prefix move."""

    fields: dict[str, str] = field(default_factory=dict)
    over: bool = False

    @property
    def cursor(self) -> str:
        """Where its listing begins; empty for the first page of all."""
        return self.move.get("cursor", "")

    @property
    def others(self) -> int:
        """How many other pages are not listed yet."""
        return int(self.move.get("cursors", 1)) - 1

    @property
    def request(self) -> PrefixRequest:
        return PrefixRequest.model_validate_json(self.move["request"])

    @property
    def source(self) -> Location:
        return Location(*json.loads(self.move["source_at"]))

    @property
    def destination(self) -> Location:
        return Location(*json.loads(self.move["destination_at"]))

    @property
    def created(self) -> datetime:
        return datetime.fromtimestamp(float(self.move["created"]), UTC)

    @property
    def items(self) -> list[Item] | None:
        """What is left to do of the page; None before it was listed."""
        return unpack(self.fields["list"]) if "list" in self.fields else None

    @property
    def is_again(self) -> bool:
        """Whether somebody has begun with the page's objects and was never heard of again."""
        return int(self.fields.get("begun", 1)) > 1

    @property
    def deaths(self) -> int:
        """How often it was begun and not let go in order, this time among them."""
        return int(self.fields["begun"]) - int(self.fields.get("patient", 0))

    @property
    def chunk(self) -> int:
        """How many files of the report the page has already."""
        return int(self.fields.get("chunk", 0))

    @property
    def waits(self) -> bool:
        """Whether only the ends of its large objects are to be written down."""
        return "waits" in self.fields

    @property
    def proven(self) -> dict[str, str]:
        """The ETags of copies that were proven in another way, by the numbers of the objects."""
        return cast("dict[str, str]", json.loads(self.fields.get("proven", "{}")))

    def is_held(self) -> bool:
        """Tell whether nobody else has taken the page over, as of now."""
        return self.here.redis.hget(page_key(self.id, self.number), "token") == self.token

    def halted(self) -> bool:
        """Tell whether the move was asked to end or to pause, as of now."""
        return any(self.here.redis.hmget(prefix_key(self.id), "stop", "paused"))

    def copied(self, objects: int, size: int) -> bool:
        """Show how much is copied, for who looks; tell whether the move is asked to halt."""
        return bool(_COPIED(self.here.redis, *self._held, objects, size))

    def is_stopped(self) -> bool:
        """Tell whether the move was asked to end, as of now."""
        return bool(self.here.redis.hget(prefix_key(self.id), "stop"))

    def save(
        self,
        items: Sequence[Item],
        cursor: str,
        found: tuple[int, int],
        filtered: int,
        more: Sequence[str] = (),
    ) -> None:
        """
        Write down what the page holds before it is touched, and publish what comes next.

        That begins at the cursor, if it is not empty, and where the listing is split at more.
        """
        packed, bounds = pack(items), (WINDOW, MOST_CHILDREN)
        cursors = [each for each in (cursor, *more) if each]
        answer = _SAVE(
            self.here.redis, *self._held, packed, len(items), *found, filtered, *bounds, *cursors
        )
        self._take(answer)
        self.fields["list"] = packed

    def adopt(self, item: Item, child: str, request: Any) -> str:
        """Make a move of its own of a large object, once; return its state, or `ended`."""
        text = request.model_dump_json(exclude_none=True)
        listed = json.dumps({"size": item.size, "etag": item.etag, "version_id": item.version_id})
        names = request.source, request.destination
        state = _ADOPT(self.here.redis, *self._held, item.number, child, text, *names, listed)
        if state == "lost":
            raise Superseded
        return str(state)

    def prove(self, etags: dict[str, str]) -> None:
        """Write down which copies are proven though their ETags differ from the sources'."""
        if _PROVE(self.here.redis, *self._held, json.dumps(etags)) == "lost":
            raise Superseded

    def end(self, result: Tally, rest: Sequence[Item] = (), *, waits: bool = False) -> None:
        """Count the page's results and let it go; `rest` is what remains to be done of it."""
        counts = (result.moved, result.moved_bytes, result.skipped, result.failed, result.left)
        answer = _END(
            self.here.redis,
            *self._held,
            *(self.here.settings.record_ttl, WINDOW, MOST_CHILDREN),
            *(pack(rest) if rest else "", len(rest), int(waits)),
            *counts,
            *(value for trouble in result.troubles for value in trouble),
        )
        self.over = True
        self._take(answer)
        if answer[2] == "1":
            publish(self.id, self.number)
        self._tell()

    def _tell(self) -> None:
        """Ask for the callbacks if this page was the last; what is lost here, the sweep finds."""
        if kinds := kinds_of(self.move):
            state = self.here.redis.hget(prefix_key(self.id), "state")
            if state and PrefixState(str(state)).final:
                outbox.ask(self.id, kinds)

    @property
    def _held(self) -> tuple[str, int, str]:
        return self.id, self.number, self.token

    def _take(self, answer: list[Any]) -> None:
        for page in answer[1]:
            publish(self.id, page)
        if answer[0] == "lost":
            raise Superseded


class Refused(Exception):
    """The page is not to be worked on now; `seconds`: until it is worth asking again."""

    def __init__(self, verdict: str, seconds: int = 0) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.seconds = seconds


@contextmanager
def claimed(here: Deployment, prefix_id: str, number: int) -> Iterator[Page]:
    """Own a page for the block, and let it go if it was not ended; raises Refused."""
    page = Page(here, prefix_id, number, uuid4().hex)
    settings = here.settings
    bounds = settings.part_lease, settings.record_ttl, WINDOW, MOST_CHILDREN
    verdict, following, *rest = _CLAIM(here.redis, prefix_id, number, page.token, *bounds)
    if verdict == "busy":
        raise Refused(verdict, int(following))
    for each in following:
        publish(prefix_id, each)
    if verdict != "run":
        raise Refused(verdict)
    page.move, page.fields = (dict(zip(flat[::2], flat[1::2], strict=True)) for flat in rest)
    is_patient = False
    try:
        with here.keeper.keeping(prefix_id, f"page {number}", page.token):
            yield page
    except Transient:
        is_patient = True
        raise
    finally:
        if not page.over:
            _RELEASE(here.redis, prefix_id, number, page.token, int(is_patient))


def page_key(prefix_id: str, number: int | str) -> str:
    return f"s3mover:page:{prefix_id}:{number}"


def publish(prefix_id: str, number: int) -> None:
    """Publish a page; a copy of its message does no harm."""
    current_app.send_task(
        MOVE_BATCH_TASK,
        args=(prefix_id, number),
        ignore_result=True,
        kwargsrepr=shown(prefix_id, page=number),
    )
