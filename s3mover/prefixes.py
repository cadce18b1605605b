"""What a client does with moves of prefixes; reached as `Mover.prefixes`."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING
from uuid import uuid4

from s3mover import prefix_journal
from s3mover.answering import answering
from s3mover.contract import NOTIFY_TASK
from s3mover.display import shown
from s3mover.errors import StillRunning
from s3mover.polling import looks
from s3mover.prefix_contract import (
    MOVE_PREFIX_TASK,
    STEER_PREFIX_TASK,
    PrefixRecord,
    PrefixState,
)
from s3mover.prefix_plan import PLAN_PREFIX_TASK, PrefixPlan
from s3mover.prefix_report import REPORT_PREFIX_TASK, PrefixReport, report_key
from s3mover.prefix_request import prefix_id_of, prefix_message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from redis import Redis

    from s3mover.prefix_contract import PrefixRequest
    from s3mover.prefix_report import ReportFormat
    from s3mover.publisher import Publisher


class Prefixes:
    """Submits moves of prefixes, reads their records and steers them."""

    def __init__(self, redis: Redis, publisher: Publisher) -> None:
        self._redis = redis
        self._publisher = publisher

    def submit(self, request: PrefixRequest) -> str:
        """Enqueue the move of a prefix and return its id."""
        key = request.idempotency_key
        prefix_id = prefix_id_of(key) if key else str(uuid4())
        with answering():
            state = prefix_journal.accept(self._redis, prefix_id, request)
            if state is PrefixState.QUEUED:
                message = prefix_message(request)
                name = shown(prefix_id, source=request.source, destination=request.destination)
                send = self._publisher.send
                send(MOVE_PREFIX_TASK, prefix_id, kwargs=message, kwargsrepr=name)
        return prefix_id

    def status(self, prefix_id: str) -> PrefixRecord:
        """Return what is known of the move of a prefix, or raise UnknownMove."""
        with answering():
            return prefix_journal.read(self._redis, prefix_id)

    def watch(self, prefix_id: str, timeout: float | None = None) -> Iterator[PrefixRecord]:
        """Yield the record now and after each change until the end; StillRunning at `timeout`."""
        last = None
        for _ in looks(timeout):
            record = self.status(prefix_id)
            if record != last:
                yield record
            if record.state.final:
                return
            last = record
        raise StillRunning(f"move {prefix_id} has not ended within {timeout} s; it goes on")

    def wait(self, prefix_id: str, timeout: float | None = None) -> PrefixRecord:
        """Return the record of a move that has ended; StillRunning after `timeout` seconds."""
        return deque(self.watch(prefix_id, timeout), maxlen=1).pop()

    def cancel(self, prefix_id: str) -> PrefixRecord:
        """Ask a move to end: objects in flight come home, all others are left."""
        return self._steer(prefix_id, "cancelled")

    def pause(self, prefix_id: str) -> PrefixRecord:
        """Ask a move to begin no more objects; large ones under way go on to their end."""
        return self._steer(prefix_id, "pause")

    def resume(self, prefix_id: str) -> PrefixRecord:
        """Have a move that was paused go on."""
        return self._steer(prefix_id, "resume")

    def list(self, limit: int = 50) -> list[PrefixRecord]:
        """Return the records of the youngest moves of prefixes, youngest first."""
        with answering():
            return prefix_journal.newest(self._redis, limit)

    def retry_failed(self, prefix_id: str) -> str:
        """
        Move what is left below the prefix by a new move, and return its id; once for each move.

        It is listed anew: objects that were written meanwhile are moved too, if they are meant.
        StillRunning if it has not ended.
        """
        with answering():
            if not prefix_journal.read(self._redis, prefix_id).state.final:
                raise StillRunning(
                    f"move {prefix_id} has not ended: wait for its end, or cancel it"
                )
            request = prefix_journal.read_request(self._redis, prefix_id)
        key = f"retry {prefix_id}"
        return self.submit(request.model_copy(update={"idempotency_key": key}))

    def plan(self, request: PrefixRequest) -> str:
        """Ask a worker what a move would do; return the task's id, for `plan_report`."""
        task_id = str(uuid4())
        with answering():
            self._publisher.send(PLAN_PREFIX_TASK, task_id, kwargs=prefix_message(request))
        return task_id

    def plan_report(self, task_id: str) -> PrefixPlan | None:
        """Return what a move would do; None before it is known, and an hour after that."""
        with answering():
            plan = self._redis.get(prefix_journal.plan_key(task_id))
        return None if plan is None else PrefixPlan.model_validate_json(str(plan))

    def report(self, prefix_id: str, form: ReportFormat = "jsonl") -> str:
        """Have a worker write the report as one object; return the task's id, `report_answer`'s."""
        task_id = str(uuid4())
        with answering():
            args, name = [prefix_id, form], shown(prefix_id, format=form)
            self._publisher.send(REPORT_PREFIX_TASK, task_id, args=args, kwargsrepr=name)
        return task_id

    def report_answer(self, task_id: str) -> PrefixReport | None:
        """Return where the report is; None before it is there, and an hour after that."""
        with answering():
            found = self._redis.get(report_key(task_id))
        return None if found is None else PrefixReport.model_validate_json(str(found))

    def _steer(self, prefix_id: str, what: Literal["cancelled", "pause", "resume"]) -> PrefixRecord:
        with answering():
            prefix_journal.steer(self._redis, prefix_id, what)
            record = prefix_journal.read(self._redis, prefix_id)
            if not record.state.final:
                args, name = [prefix_id], shown(prefix_id)
                self._publisher.send(STEER_PREFIX_TASK, str(uuid4()), args=args, kwargsrepr=name)
                return record
            # It has ended, perhaps by this very call: no worker had begun it.
            for kind in (kind for kind, word in record.callbacks.items() if word == "waiting"):
                self._publisher.send(NOTIFY_TASK, str(uuid4()), args=[prefix_id, kind])
            return record
