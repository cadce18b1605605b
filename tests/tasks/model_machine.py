"""The model: moves in a world where all may go wrong, at any of their operations."""

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from driver import Mode
from s3mover import State, journal
from s3mover.contract import MOVE_TASK, SETTLE_TASK, SWEEP_TASK, MoveRequest
from s3mover.request import message, move_id_of
from tests.tasks.fake_objects import thing
from tests.tasks.model_choices import (
    NONE,
    Trouble,
    destinations,
    halts,
    keys,
    modes,
    seconds,
    sizes,
    some,
    sources,
    troubles,
)
from tests.tasks.model_process import Process
from tests.tasks.model_promises import Known, Promises
from tests.tasks.model_world import Message, World


class Moves(RuleBasedStateMachine):
    """Moves in a world where all may go wrong."""

    url = ""

    @initialize(mode=modes, checksums=st.booleans(), a=sizes, c=sizes, cap=st.integers(1, 2))
    def begin(self, mode: Mode, a: int, c: int, cap: int, *, checksums: bool) -> None:
        self.promises = Promises()
        self.world = World(self.url, mode, self.promises.notice)
        self.promises.watch(self.world)
        self.checksums, self.cap, self.contents = checksums, cap, 0
        self.strict = mode == "read" or (mode == "auto" and checksums)
        for key, size in (("a", a), ("c", c), ("b", 100)):
            self.put(key, size)
        self.submit("a", "b", "k", sent=False)

    def put(self, key: str, size: int) -> None:
        self.contents += 1
        content = ((f"content {self.contents}", 0, size - 1),)
        self.promises.others_put(key, content)
        self.world.store.objects[key] = thing(content, checksum=self.checksums)

    @rule(
        source=sources,
        destination=destinations,
        key=st.sampled_from(("", "", "k", "l")),
        sent=st.booleans(),
    )
    def submit(self, source: str, destination: str, key: str, *, sent: bool) -> None:
        """As a client does, or, with `sent`, as who has a Celery app and no client."""
        if len(self.promises.moves) == 5:
            return
        move_id = move_id_of(key) if key else f"m{len(self.promises.moves) + 1}"
        known = self.promises.moves.get(move_id)
        if known and (known.source, known.destination) != (source, destination):
            return
        request = MoveRequest(
            source=f"s3://bucket/{source}",
            destination=f"s3://bucket/{destination}",
            idempotency_key=key or None,
            multipartcopymaxconcurrency=self.cap,
        )
        self.promises.moves.setdefault(move_id, Known(move_id, source, destination))
        if not sent:
            journal.accept(self.world.raw, move_id, request)
        self.world.queue.append(Message(MOVE_TASK, (), move_id, message(request)))

    @precondition(lambda self: self.world.queue)
    @rule(pick=some, twice=st.booleans(), until=halts, trouble=troubles)
    def deliver(self, pick: int, until: int | str, trouble: Trouble, *, twice: bool) -> None:
        found = self.world.queue.pop(pick % len(self.world.queue))
        if twice:
            self.world.queue.append(found)
        self.go_on(self.world.deliver(found), until, trouble)

    @precondition(lambda self: self.world.queue)
    @rule(count=st.integers(1, 6), trouble=troubles)
    def work(self, count: int, trouble: Trouble) -> None:
        """Deliver some messages one after the other, each of which has the same trouble."""
        for _ in range(min(count, len(self.world.queue))):
            self.deliver(pick=0, until="", trouble=trouble, twice=False)

    @precondition(lambda self: self.world.queue)
    @rule(pick=some)
    def lose(self, pick: int) -> None:
        self.world.queue.pop(pick % len(self.world.queue))

    @precondition(lambda self: self.world.alive())
    @rule(pick=some, until=halts, trouble=troubles)
    def resume(self, pick: int, until: int | str, trouble: Trouble) -> None:
        self.go_on(self.process(pick), until, trouble)

    @precondition(lambda self: self.world.alive())
    @rule(pick=some, redelivered=st.booleans())
    def kill(self, pick: int, *, redelivered: bool) -> None:
        process = self.process(pick)
        process.kill()
        if redelivered:
            self.world.queue.append(process.owner.message)

    @precondition(lambda self: self.promises.moves)
    @rule(pick=some)
    def cancel(self, pick: int) -> None:
        move = list(self.promises.moves.values())[pick % len(self.promises.moves)]
        if not self.world.raw.exists(journal.move_key(move.id)):
            return
        answer = journal.stop(self.world.raw, move.id, State.CANCELLED)
        if answer == "stopping":
            move.cancel_taken = True
            generation = journal.read(self.world.raw, move.id).generation
            self.world.queue.append(Message(SETTLE_TASK, (f"{move.id}.{generation}",)))

    @rule(what=st.sampled_from(("put", "put", "delete", "begin", "abort")), key=keys, size=sizes)
    def others_come(self, what: str, key: str, size: int) -> None:
        """They write and delete objects, begin uploads, and abort those of moves."""
        s3 = self.world.store
        if what == "put":
            self.put(key, size)
        elif what == "delete":
            self.promises.others_took(key)
            s3.objects.pop(key, None)
        elif what == "begin" and len(self.promises.foreign) < 2:
            self.promises.foreign.add(s3.begin(key, foreign=True, age=1000).id)
        elif what == "abort":
            for upload in [u for u in s3.uploads.values() if u.key == key and not u.foreign]:
                del s3.uploads[upload.id]

    @precondition(lambda self: len(self.world.queue) < 3)
    @rule(until=halts, trouble=troubles)
    def sweep(self, until: int | str, trouble: Trouble) -> None:
        self.go_on(self.world.deliver(Message(SWEEP_TASK)), until, trouble)

    @precondition(lambda self: self.world.queue)
    @rule(pick=some, until=halts, which=some)
    def others_overwrite_under_way(self, pick: int, until: int | str, which: int) -> None:
        move_id = self.world.queue[pick % len(self.world.queue)].move_id
        self.deliver(pick, until, NONE, twice=False)
        if move := self.promises.moves.get(move_id):
            self.put((move.source, move.source, move.destination)[which % 3], 100)

    @precondition(lambda self: self.world.queue)
    @rule(pick=some, until=halts)
    def fall_asleep(self, pick: int, until: int | str) -> None:
        """Its leases lapse, Redis delivers its message once more, and another does the work."""
        found = self.world.queue[pick % len(self.world.queue)]
        self.deliver(pick, until, NONE, twice=False)
        self.world.tick(21, renewing=False)
        self.go_on(self.world.deliver(found), "", NONE)

    @rule(seconds=seconds, renewing=st.booleans())
    def time_passes(self, seconds: int, *, renewing: bool) -> None:
        self.world.tick(seconds, renewing=renewing)

    @invariant()
    def promises_are_kept(self) -> None:
        self.promises.check()

    def process(self, pick: int) -> Process:
        alive = self.world.alive()
        return alive[pick % len(alive)]

    def go_on(self, process: Process, until: int | str, trouble: Trouble) -> None:
        fault, spared = trouble
        if fault == "spoilt" and not self.strict:
            fault = ""  # a size proves nothing of it, and the record says so
        process.resume(until, fault, spared)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            if not self.promises.broken:
                self.settle_down()
                self.promises.check_end()
        finally:
            for process in self.world.alive():
                process.kill()
            self.world.close()

    def settle_down(self) -> None:
        """Let all end that was begun, deliver what there is, and sweep."""
        for process in self.world.alive():
            process.resume()
        for _ in range(40):
            self.world.queue.append(Message(SWEEP_TASK))
            waiting, self.world.queue = self.world.queue, []
            for each in waiting:
                self.world.deliver(each).resume()
            self.promises.check()
            if not self.world.queue and self.world.is_quiet() and not self.world.store.notes:
                return
            self.world.tick(64 * self.world.settings.sweep_grace if not self.world.queue else 11)
