"""The world of the model: clock, queue, chords, S3, and the tasks' real code in its processes."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from config import S3Settings, Settings
from driver import DriverError
from s3mover import journal
from s3mover.contract import COPY_PART_TASK, MOVE_TASK, SETTLE_TASK, SWEEP_TASK
from s3mover.request import move_id_of
from tasks import chord, copy_part, move, settle
from tasks.deployment import Deployment
from tasks.leases import Keeper
from tasks.sweep import run as sweep_once
from tests.tasks.fake_s3 import FakeS3
from tests.tasks.fake_store import Effect, Store
from tests.tasks.model_process import HaltingRedis, Process, point

if TYPE_CHECKING:
    from redis import Redis
    from types_boto3_s3 import S3Client

    from driver import Mode

CLOCK = "model:clock"
MIB = 1024**2


@dataclass(frozen=True)
class Message:
    """What a queue carries; the fields of a request are `kwargs`."""

    task: str
    args: tuple[Any, ...] = ()
    task_id: str = ""
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def move_id(self) -> str:
        """The move that it is for; '' for a sweep."""
        if self.task == MOVE_TASK:
            key = self.kwargs.get("idempotency_key")
            return move_id_of(key) if key else self.task_id
        return str(self.args[0]).partition(".")[0] if self.args else ""


class Retried(Exception):
    """Celery's way out of a task whose message was published once more."""


@dataclass(frozen=True, eq=False)
class Agent:
    """One delivery of a message to a process of its own."""

    world: "World"
    message: Message
    here: Deployment

    @property
    def request(self) -> SimpleNamespace:
        return SimpleNamespace(id=self.message.task_id, hostname="worker")

    def retry(self, args: tuple[Any, ...] | None = None, **_: Any) -> Exception:
        """Publish the message again, as Celery's `Task.retry` does."""
        point("publish again")
        again = self.message if args is None else replace(self.message, args=args)
        self.world.queue.append(again)
        return Retried()

    def work(self) -> None:
        """Do what the worker does with a message, the end of its chord's part included."""
        try:
            self.world.perform(self)
        except Retried:
            return
        if self.message.task == COPY_PART_TASK:
            move_id, generation, number, *_ = self.message.args
            self.world.count(chord.group_id(move_id, generation), number)

    def renew(self) -> None:
        """Do at once what the keeper's thread does every now and then."""
        keeper = self.here.keeper
        if keeper._held:
            keeper._renew(list(keeper._held.values()))


@dataclass
class Chord:
    """What Celery counts."""

    size: int
    returned: set[int] = field(default_factory=set)


class World:
    """Everything outside the tasks' code; `notice` hears of each effect on S3."""

    def __init__(self, url: str, mode: "Mode", notice: Callable[[Effect], None]) -> None:
        self.now = 1_000_000.0
        self.queue: list[Message] = []
        self.chords: dict[str, Chord] = {}
        self.processes: list[Process] = []
        self.errors: list[Exception] = []
        """What no task may raise: Celery would only log it."""
        self.redis = cast("HaltingRedis", HaltingRedis.from_url(url, decode_responses=True))
        self.redis.clock = lambda: self.now
        self.raw = journal.connect(url)
        self.raw.flushdb()
        self.raw.set(CLOCK, self.now)
        self.store = Store(notice, lambda: datetime.fromtimestamp(self.now, UTC))
        self.s3 = FakeS3(self.store, lambda operation: point(operation, faulty=True))
        self.settings = Settings(
            s3=S3Settings(
                bucket="bucket",
                region="us-east-1",
                multipartcopychunksize=5 * MIB,
                multipartcopythresholdsize=5 * MIB,
            ),
            verify=mode,
            part_lease=10,
            visibility_timeout=20,
            sweep_grace=30,
            attempts=3,
        )

    def deliver(self, message: Message) -> Process:
        """Give a message to a process that has not begun yet."""
        keeper = Keeper(cast("Redis", self.redis), self.settings.part_lease)
        keeper._thread = cast("Any", self)  # no thread is to be started
        s3 = cast("S3Client", self.s3)
        here = Deployment(self.settings, s3, cast("Redis", self.redis), keeper)
        agent = Agent(self, message, here)
        process = Process(agent, agent.work)
        self.processes.append(process)
        return process

    def perform(self, agent: Agent) -> None:
        message = agent.message
        if message.task == SWEEP_TASK:
            with suppress(DriverError):  # of its list of marks (2026-11); the next sweep goes on
                sweep_once(agent.here, thorough=True)
            return
        task: Any = {MOVE_TASK: move, COPY_PART_TASK: copy_part, SETTLE_TASK: settle}[message.task]
        task.run.__func__(agent, *message.args, **message.kwargs)

    def tick(self, seconds: float, *, renewing: bool = True) -> None:
        """Let time pass; processes that do not renew their leases are frozen, all of them."""
        self.now += seconds
        self.raw.set(CLOCK, self.now)
        for process in self.alive():
            if renewing:
                process.owner.renew()
            else:
                process.frozen = True

    def alive(self) -> list[Process]:
        self.processes = [each for each in self.processes if not each.ended]
        return self.processes

    def open_chord(self, group: str, size: int) -> None:
        self.chords[group] = Chord(size)

    def count(self, group: str, number: int) -> None:
        """Count a part that has returned, once; at the last one Celery publishes the callback."""
        point("count")
        found = self.chords.get(group)
        if found is None:
            return
        found.returned.add(number)
        difference = chord.difference_key(group)
        if len(found.returned) == found.size + int(cast("str", self.raw.get(difference) or 0)):
            self.queue.append(Message(SETTLE_TASK, (group,)))
            self.raw.delete(difference)
            del self.chords[group]

    def is_quiet(self) -> bool:
        """Whether no move is under way, and no attempt to create an upload is to be looked at."""
        return not self.raw.exists(journal.ACTIVE, "s3mover:intents")

    def close(self) -> None:
        self.raw.close()
        self.redis.close()
