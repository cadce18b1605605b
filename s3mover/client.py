"""The client of web apps and of the CLI: it needs the broker's URL and nothing else."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

import redis as redis_py
from celery import Celery
from kombu.exceptions import OperationalError
from pydantic import ValidationError
from redis.backoff import NoBackoff
from redis.retry import Retry

from s3mover import contract, journal
from s3mover.contract import MoveRecord, MoveRequest, State
from s3mover.errors import BrokerUnavailable, InvalidRequest, StillRunning

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_BROKER_URL = "redis://localhost:6379/0"

# The ids of idempotency keys; part of the contract, so that other languages can compute them.
_KEYS = UUID("6f0d1c3e-8d0b-5a53-9f6a-3a1f5d6c7b20")


def move_id_of(idempotency_key: str) -> str:
    """Return the id that a move with this key has: a UUID version 5."""
    return str(uuid5(_KEYS, idempotency_key))


def parse_request(**fields: Any) -> MoveRequest:
    """Return the request, or raise InvalidRequest with one line a fault."""
    try:
        return MoveRequest.model_validate(fields)
    except ValidationError as error:
        raise InvalidRequest(faults(error)) from None


def faults(error: ValidationError) -> str:
    """Say what is wrong with a request, without its values: they may be large."""
    lines = []
    for fault in error.errors(include_input=False, include_url=False):
        name = ".".join(map(str, fault["loc"])) or "request"
        lines.append(f"{name[:80]}: {fault['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)


class Mover:
    """
    Enqueues moves and reads their records.

    Safe to share between threads. Publishing subscribes to no result, and every call
    raises BrokerUnavailable within about a second when Redis does not answer.
    """

    def __init__(self, broker_url: str = DEFAULT_BROKER_URL) -> None:
        self._redis = journal.connect(
            broker_url,
            socket_connect_timeout=1,
            socket_timeout=5,
            retry=Retry(NoBackoff(), 0),
        )
        self._celery = Celery("s3mover.client", broker=broker_url, set_as_current=False)
        self._celery.conf.update(
            task_ignore_result=True,
            task_publish_retry=False,
            broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 5},
        )

    def move(self, source: str, destination: str, **options: Any) -> str:
        """
        Enqueue a move and return its id; `options` are the other fields of MoveRequest.

        Raises InvalidRequest, or IdempotencyConflict when `idempotency_key` was used for
        another request; the same key and request give the same id and run once.
        """
        return self.submit(parse_request(source=source, destination=destination, **options))

    def submit(self, request: MoveRequest) -> str:
        """Enqueue a move and return its id."""
        key = request.idempotency_key
        move_id = move_id_of(key) if key else str(uuid4())
        with _broker():
            state = journal.accept(self._redis, move_id, request)
            # A known move that is still queued may have lost its message: one more does no harm.
            if state is State.QUEUED:
                self._send(contract.MOVE_TASK, move_id, kwargs=message(request))
        return move_id

    def status(self, move_id: str) -> MoveRecord:
        """Return what is known of a move, or raise UnknownMove."""
        with _broker():
            return journal.read(self._redis, move_id)

    def wait(self, move_id: str, timeout: float | None = None) -> MoveRecord:
        """Return the record of a move that has ended; StillRunning after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        pause = 0.01
        while not (record := self.status(move_id)).state.final:
            left = pause if deadline is None else deadline - time.monotonic()
            if left <= 0:
                msg = f"move {move_id} is {record.state} after {timeout} s; it goes on"
                raise StillRunning(msg)
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, 0.5)
        return record

    def cancel(self, move_id: str) -> MoveRecord:
        """
        Ask a move to end as cancelled and return its record.

        The source, the old destination and no upload are left. A move whose copy is already
        being completed goes on to its end: see the record's `stopping`.
        """
        with _broker():
            answer = journal.stop(self._redis, move_id, State.CANCELLED)
            record = journal.read(self._redis, move_id)
            if answer == "stopping":
                self._send(contract.SETTLE_TASK, str(uuid4()), args=[settle_key(record)])
            return record

    def list(self, limit: int = 50) -> list[MoveRecord]:
        """Return the records of the youngest moves, youngest first."""
        with _broker():
            return journal.newest(self._redis, limit)

    def sweep(self) -> str:
        """Ask a worker to sweep now and return the id of the task."""
        task_id = str(uuid4())
        with _broker():
            self._send(contract.SWEEP_TASK, task_id)
        return task_id

    def _send(self, task: str, task_id: str, **options: Any) -> None:
        self._celery.send_task(
            task, task_id=task_id, queue=contract.CONTROL_QUEUE, ignore_result=True, **options
        )


def message(request: MoveRequest) -> dict[str, Any]:
    """Return the keyword arguments of `s3mover.move`."""
    return request.model_dump(mode="json", exclude_none=True)


def settle_key(record: MoveRecord) -> str:
    """Return the one argument of `s3mover.settle`: which move, in which generation."""
    return f"{record.id}.{record.generation}"


@contextmanager
def _broker() -> Iterator[None]:
    try:
        yield
    except (redis_py.ConnectionError, redis_py.TimeoutError, OperationalError) as error:
        msg = f"Redis does not answer ({error}): is S3MOVER_BROKER_URL right, and Redis up?"
        raise BrokerUnavailable(msg) from error
