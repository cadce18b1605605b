"""The client of web apps and of the CLI: it needs the broker's URL and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack
from uuid import uuid4

from redis.backoff import NoBackoff
from redis.retry import Retry

from s3mover import contract, findings, journal, overview
from s3mover.answering import answering
from s3mover.broker import read_broker
from s3mover.contract import DoctorReport, Finding, MoveRecord, MoveRequest, State, SweepReport
from s3mover.display import shown
from s3mover.errors import InvalidBroker, StillRunning
from s3mover.polling import looks, seen
from s3mover.prefix_request import parse_prefix_request
from s3mover.prefixes import Prefixes
from s3mover.publisher import Publisher
from s3mover.request import message, new_id, parse_request
from s3mover.search import search

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from s3mover.broker import Broker
    from s3mover.contract import MoveOptions
    from s3mover.overview import Overview
    from s3mover.prefix_contract import PrefixOptions

_PATIENCE: dict[str, Any] = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "retry": Retry(NoBackoff(), 0),
}

# Seconds without an answer of Redis that a wait bridges: as long as a restart takes, and with
# Sentinel a failover, which begins half a minute after the primary's death (its own default).
_BRIDGED, _BRIDGED_FAILOVER = 10.0, 60.0


class Mover:
    """
    Enqueues moves and reads their records.

    Safe to share between threads. Publishing subscribes to no result, and every call raises
    BrokerUnavailable within about a second when Redis is away. A request may have been accepted
    even so: one with an idempotency key is safe to repeat.
    """

    def __init__(self, broker_url: str = journal.DEFAULT_BROKER_URL) -> None:
        broker = _read(broker_url)
        self._redis = journal.connect(broker_url, **_PATIENCE)
        self._publisher = Publisher(broker_url)
        self.prefixes = Prefixes(self._redis, self._publisher)
        self._bridged = _BRIDGED_FAILOVER if broker.sentinels else _BRIDGED

    def move(self, source: str, destination: str, **options: Unpack[MoveOptions]) -> str:
        """
        Enqueue a move and return its id; `options` are the other fields of MoveRequest.

        Raises InvalidRequest, or IdempotencyConflict when `idempotency_key` was used for
        another request; the same key and request give the same id and run once.
        """
        return self.submit(parse_request(source=source, destination=destination, **options))

    def submit(self, request: MoveRequest, move_id: str | None = None) -> str:
        """Enqueue a move and return its id, for which `new_id` was asked before, or not."""
        move_id = move_id or new_id(request)
        with answering():
            state = journal.accept(self._redis, move_id, request)
            # A known move that is still queued may have lost its message: one more does no harm.
            if state is State.QUEUED:
                name = shown(move_id, source=request.source, destination=request.destination)
                asked = message(request)
                self._publisher.send(contract.MOVE_TASK, move_id, kwargs=asked, kwargsrepr=name)
        return move_id

    def move_prefix(self, source: str, destination: str, **options: Unpack[PrefixOptions]) -> str:
        """
        Enqueue a move of all objects below a prefix and return its id, for `Mover.prefixes`.

        `options` are the other fields of PrefixRequest; raises as `move` does.
        """
        request = parse_prefix_request(source=source, destination=destination, **options)
        return self.prefixes.submit(request)

    def status(self, move_id: str) -> MoveRecord:
        """Return what is known of a move, or raise UnknownMove."""
        with answering():
            return journal.read(self._redis, move_id)

    def watch(self, move_id: str, timeout: float | None = None) -> Iterator[MoveRecord]:
        """
        Yield the record of a move now and after each change, until the move has ended.

        StillRunning after `timeout` seconds. An absence of Redis is bridged for ten seconds,
        unless it is there from the start.
        """
        last = None
        for record in seen(lambda: self.status(move_id), looks(timeout), self._bridged):
            if record != last:
                yield record
            if record.state.final:
                return
            last = record
        raise StillRunning(f"move {move_id} has not ended within {timeout} s; it goes on")

    def wait(self, move_id: str, timeout: float | None = None) -> MoveRecord:
        """Return the record of a move that has ended; StillRunning after `timeout` seconds."""
        eagerly = looks(timeout, eager=True)
        for record in seen(lambda: self._ended(move_id), eagerly, self._bridged):
            if record:
                return record
        raise StillRunning(f"move {move_id} has not ended within {timeout} s; it goes on")

    def cancel(self, move_id: str) -> MoveRecord:
        """
        Ask a move to end as cancelled and return its record.

        The source, the old destination and no upload are left. A move whose copy is already
        being completed goes on to its end: see the record's `stopping`.
        """
        with answering():
            answer = journal.stop(self._redis, move_id, State.CANCELLED)
            record = journal.read(self._redis, move_id)
            if answer == "stopping":
                settle_key = f"{record.id}.{record.generation}"
                name = shown(record.id, generation=record.generation)
                task_id = str(uuid4())
                self._publisher.send(
                    contract.SETTLE_TASK, task_id, args=[settle_key], kwargsrepr=name
                )
            elif record.state.final:  # perhaps by this very call: no worker had begun it
                self._ask_for_callbacks(record)
            return record

    def list(
        self, limit: int = 50, *, states: Collection[State] = (), text: str = ""
    ) -> list[MoveRecord]:
        """
        Return the records of the youngest moves, youngest first.

        `states` and `text`, a piece of an id or a location, narrow it to what they fit among the
        youngest 10,000.
        """
        with answering():
            if states or text:
                return search(self._redis, limit, states, text)
            return journal.newest(self._redis, limit)

    def overview(self, limit: int = 50) -> Overview:
        """Return how many moves are in which state, and records: active ones, then the ended."""
        with answering():
            return overview.look(self._redis, limit)

    def sweep(self, *, dry_run: bool = False) -> str:
        """
        Ask a worker to sweep now, all it can, and return the id of the task, for `sweep_report`.

        With `dry_run` it only tells what it would do.
        """
        return self._ask(contract.SWEEP_TASK, kwargs={"dry_run": dry_run, "thorough": True})

    def sweep_report(self, task_id: str) -> SweepReport | None:
        """Return what a sweep has found; None before it has ended, and an hour after that."""
        with answering():
            report = self._redis.get(journal.sweep_key(task_id))
        return None if report is None else SweepReport.model_validate_json(str(report))

    def doctor(self) -> str:
        """Ask a worker to examine the buckets; return the task's id, for `doctor_report`."""
        return self._ask(contract.DOCTOR_TASK)

    def doctor_report(self, task_id: str) -> DoctorReport | None:
        """Return what a worker has found; None before it has ended, and an hour after that."""
        with answering():
            report = self._redis.get(journal.doctor_key(task_id))
        return None if report is None else DoctorReport.model_validate_json(str(report))

    def examine_broker(self) -> tuple[Finding, ...]:
        """Tell whether Redis is run as the journal needs it; raises BrokerUnavailable."""
        with answering():
            return findings.of_broker(self._redis)

    def _ended(self, move_id: str) -> MoveRecord | None:
        """Return the record of a move if it has ended; one word of Redis tells that it has not."""
        with answering():
            state = journal.state_of(self._redis, move_id)
        return self.status(move_id) if state.final else None

    def _ask_for_callbacks(self, record: MoveRecord) -> None:
        for kind in (kind for kind, word in record.callbacks.items() if word == "waiting"):
            self._publisher.send(contract.NOTIFY_TASK, str(uuid4()), args=[record.id, kind])

    def _ask(self, task: str, **message: Any) -> str:
        task_id = str(uuid4())
        with answering():
            self._publisher.send(task, task_id, **message)
        return task_id


def _read(broker_url: str) -> Broker:
    try:
        return read_broker(broker_url)
    except ValueError as error:
        msg = f"the broker's URL {error}; it is like redis://host:6379/0, or rediss://"
        raise InvalidBroker(msg) from None
