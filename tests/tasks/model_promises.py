"""The promises of DESIGN section 3, as the model checks them at each effect and after each step."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from s3mover import State
from s3mover.journal import LOCKS, move_key
from tasks.plan import Plan
from tests.tasks.fake_objects import Content, OpenUpload
from tests.tasks.fake_store import Effect
from tests.tasks.model_process import running

if TYPE_CHECKING:
    from tests.tasks.model_world import World

RANK = {state: rank for rank, state in enumerate(State)}
LASTING = {
    "s3mover:moves",
    "s3mover:tally",
    "s3mover:throttle:bucket",
    "s3mover:looked",
    "s3mover:troubled",
    "model:clock",
}
"""What is in Redis beside records when all is quiet."""

FINAL = {State.DONE, State.FAILED, State.CANCELLED}


@dataclass
class Known:
    """A move that was asked for, and what it has done."""

    id: str
    source: str
    destination: str
    wrote: int = 0
    deleted: int = 0
    cancel_taken: bool = False
    """Whether a cancel was promised to end it before its copy is completed."""

    fields: dict[str, str] = field(default_factory=dict)
    """Its record after the last step."""

    @property
    def state(self) -> State:
        return State(self.fields.get("state", State.QUEUED))


class Promises:
    """Watches a world; `broken` tells what was broken, in the order it was noticed."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.moves: dict[str, Known] = {}
        self.kept: set[Content] = set()
        """What must be somewhere: nobody but a move was at it."""

        self.foreign: set[str] = set()
        """Uploads of other programs."""

        self.late = 0
        """Writes of frozen workers whose move had failed meanwhile."""

    def watch(self, world: "World") -> None:
        self.world = world

    def check(self) -> None:
        """Check what must hold after each step."""
        self._check_contents()
        self._check_cap()
        for move in self.moves.values():
            self._check_record(move)
        lost = self.foreign - self.world.store.uploads.keys()
        self._require(not lost, f"uploads of others are gone: {lost}")
        self._require(not self.world.errors, f"tasks raised {self.world.errors}")
        assert not self.broken, self.broken

    def notice(self, effect: Effect) -> None:
        """Judge what a process does to S3, at the moment of its effect."""
        process = running()
        if process is None:
            return
        move_id = process.owner.message.move_id
        upload = effect.upload
        if effect.kind == "abort" and upload is not None:
            self._judge_abort(move_id, upload)
        elif effect.kind == "write":
            self._judge_write(self.moves[move_id], effect)
        elif effect.kind == "delete":
            self._judge_delete(self.moves[move_id], effect)

    def others_put(self, key: str, content: Content) -> None:
        self.others_took(key)
        self.kept.add(content)

    def others_took(self, key: str) -> None:
        there = self.world.store.objects.get(key)
        if there:
            self.kept.discard(there.content)

    def _judge_abort(self, move_id: str, upload: OpenUpload) -> None:
        self._require(not upload.foreign, f"{upload.id} of others was aborted")
        for other in self.moves.values():
            fields = self._now(other)
            if other.id != move_id and fields.get("state") not in FINAL:
                in_use = fields.get("upload") == upload.id
                self._require(not in_use, f"{upload.id} of {other.id} was aborted by {move_id}")

    def _judge_write(self, move: Known, effect: Effect) -> None:
        move.wrote += 1
        fields = self._now(move)
        state = fields["state"]
        self._require(effect.key == move.destination, f"{move.id} wrote {effect.key}")
        self._require(state != State.CANCELLED, f"{move.id} was cancelled and wrote")
        self._require(state in FINAL or "committed" in fields, f"{move.id} wrote uncommitted")
        self.late += state in FINAL
        if not effect.before or not effect.after or effect.before.content == effect.after.content:
            return
        self.kept.discard(effect.before.content)
        for other in self.moves.values():
            theirs = self._now(other)
            at_it = effect.key in {other.source, other.destination} and "plan" in theirs
            if state not in FINAL and other is not move and at_it and theirs["state"] not in FINAL:
                self.broken.append(f"{move.id} wrote where {other.id} was at work")

    def _judge_delete(self, move: Known, effect: Effect) -> None:
        move.deleted += 1
        fields = self._now(move)
        self._require(effect.key == move.source, f"{move.id} deleted {effect.key}")
        self._require("evidence" in fields, f"{move.id} deleted its source without evidence")
        pinned = Plan.load(fields["plan"]).etag if "plan" in fields else ""
        if effect.before:
            self._require(effect.before.etag == pinned, f"{move.id} deleted what was not pinned")
        ends = {State.FAILED, State.CANCELLED}
        self._require(fields["state"] not in ends, f"{move.id} ended otherwise and deleted")

    def _check_contents(self) -> None:
        there = {each.content for each in self.world.store.objects.values()}
        lost = self.kept - there
        self._require(not lost, f"lost: {lost}")

    def _check_cap(self) -> None:
        copying = Counter(
            process.owner.message.move_id
            for process in self.world.alive()
            if process.at == "UploadPartCopy" and not process.frozen
        )
        for move_id, count in copying.items():
            cap = int(self._now(self.moves[move_id])["cap"])
            self._require(count <= cap, f"{count} part copies of {move_id}, the cap is {cap}")

    def _check_record(self, move: Known) -> None:
        before, fields = move.fields, self._now(move)
        if move.state in FINAL:
            self._require(fields == before, f"{move.id} changed after its end: {before} {fields}")
        elif before and RANK[State(fields["state"])] < RANK[move.state]:
            anew = any(fields.get(name) != before.get(name) for name in ("generation", "upload"))
            text = f"{move.id} went from {move.state} to {fields['state']}"
            self._require(move.state is State.VERIFYING and anew, text)
        if fields.get("state") in {State.FAILED, State.CANCELLED}:
            # The janitor would find it, but only after a while.
            left = fields.get("upload") in self.world.store.uploads
            told = "its upload is left" in fields.get("error", "")
            self._require(not left or told, f"{move.id} ended and its upload is left")
        move.fields = fields

    def check_end(self) -> None:
        """Check what must hold when everything has ended."""
        self.check()
        for move in self.moves.values():
            if move.fields:  # else its message was lost before a worker had accepted it
                self._check_end_of(move)
        left = [u.id for u in self.world.store.uploads.values() if not u.foreign]
        self._require(not left, f"uploads are left: {left}")
        keys = cast("list[str]", self.world.raw.keys())
        self._require(not self.world.raw.exists(LOCKS), "locks are left")
        known = {*LASTING, *map(move_key, self.moves)}
        left = [key for key in keys if key not in known and not key.endswith(".c")]
        self._require(not left, f"keys are left: {left}")
        assert not self.broken, self.broken

    def _check_end_of(self, move: Known) -> None:
        self._require(move.state in FINAL, f"{move.id} has not ended: {move.fields}")
        if move.state is State.DONE:
            self._require("evidence" in move.fields, f"{move.id} is done without evidence")
            same = move.source == move.destination
            self._require(same or not move.cancel_taken, f"{move.id} was stopping and is done")
        if move.state is State.CANCELLED:
            self._require(not move.wrote, f"{move.id} is cancelled and has written")
        # The answer of its delete was lost, and then others have put another object there.
        uncertain = '"SourceChanged"' in move.fields.get("error", "") and "evidence" in move.fields
        if move.state is not State.DONE and not uncertain:
            self._require(not move.deleted, f"{move.id} is {move.state} and has deleted")

    def _now(self, move: Known) -> dict[str, str]:
        return cast("dict[str, str]", self.world.raw.hgetall(move_key(move.id)))

    def _require(self, kept: bool, text: str) -> None:  # noqa: FBT001
        if not kept:
            self.broken.append(text)
