"""The events of a move: sent only when they are wanted, and no harm when they cannot be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from celery.events.state import State as Rows
from redis import Redis

from s3mover import MoveError, MoveRequest, journal
from tasks import events, window
from tasks.events import PROGRESS
from tasks.journal import OwnedMove, refuse
from tasks.plan import Plan
from tests.tasks.throttled_fleet import Fleet

PLAN = Plan("bucket", "a", 250, "e", None, "bucket", "b", 100, 2)


@dataclass
class Dispatcher:
    """Celery's, but it only remembers."""

    enabled: bool = True
    groups: set[str] = field(default_factory=set)
    error: Exception | None = None
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def send(self, kind: str, **fields: Any) -> None:
        if self.error:
            raise self.error
        self.sent.append((kind, fields))


@pytest.fixture
def dispatcher() -> Iterator[Dispatcher]:
    dispatcher = Dispatcher()
    events.connect(lambda: dispatcher)
    yield dispatcher
    events.connect(lambda: None)


def owned(redis: Redis) -> OwnedMove:
    return OwnedMove(redis, "m", "t", {"source": "s3://bucket/a", "destination": "s3://bucket/b"})


def fail(redis: Redis) -> None:
    refuse(redis, "m", MoveError(code="AccessDenied", message="no", part=3), 60)


@pytest.mark.parametrize(
    ("enabled", "groups", "wanted"),
    [
        (True, set(), True),
        (True, {"worker", "task"}, True),
        (True, {"worker"}, False),  # without -E
        (False, set(), False),
    ],
)
def test_events_are_wanted_when_the_worker_sends_those_of_tasks(
    dispatcher: Dispatcher, redis: Redis, *, enabled: bool, groups: set[str], wanted: bool
) -> None:
    dispatcher.enabled, dispatcher.groups = enabled, groups

    events.begun(owned(redis))

    assert events.are_wanted() is wanted
    assert (events.teller("m", PLAN) is not None) is wanted
    assert bool(dispatcher.sent) is wanted


def test_a_process_without_a_dispatcher_sends_nothing(redis: Redis) -> None:
    """As while a worker connects anew."""
    fail(redis)

    events.begun(owned(redis))
    events.ended(redis, "m")

    assert events.teller("m", PLAN) is None


def test_a_broken_dispatcher_fails_no_move(
    dispatcher: Dispatcher, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    fail(redis)
    dispatcher.error = RuntimeError("broken")
    tell = events.teller("m", PLAN)
    assert tell is not None

    events.begun(owned(redis))
    tell(1)
    events.ended(redis, "m")

    assert caplog.text.count("broken") == 4


def test_the_end_of_a_move_that_is_not_in_the_journal_fails_nothing(
    dispatcher: Dispatcher, redis: Redis
) -> None:
    events.ended(redis, "unknown")

    assert dispatcher.sent == []


def test_a_failed_move_says_its_error_and_the_part(dispatcher: Dispatcher, redis: Redis) -> None:
    fail(redis)

    events.ended(redis, "m")

    [(kind, fields)] = dispatcher.sent
    assert kind == "task-failed"
    assert fields["uuid"] == "m"
    assert fields["exception"] == "AccessDenied: no (part 3)"


def test_a_move_that_was_cancelled_before_a_worker_saw_it_is_revoked(
    dispatcher: Dispatcher, redis: Redis, request_ab: MoveRequest
) -> None:
    journal.accept(redis, "m", request_ab)
    journal.stop(redis, "m", "cancelled")

    events.ended(redis, "m")

    assert [kind for kind, _ in dispatcher.sent] == ["task-revoked"]


def test_progress_says_what_is_done_and_of_how_much(dispatcher: Dispatcher) -> None:
    tell = events.teller("m", PLAN)
    assert tell is not None

    tell(3)

    [(kind, fields)] = dispatcher.sent
    assert kind == PROGRESS
    assert fields["kwargs"].startswith("{'move': 'm', 'source': 's3://bucket/a'")
    assert (fields["bytes_done"], fields["bytes_total"]) == (250, 250)
    assert fields["result"] == "250 B of 250 B, 3 of 3 parts"


@pytest.mark.parametrize(
    ("last", "state"),
    [("task-succeeded", "SUCCESS"), ("task-failed", "FAILURE"), ("task-revoked", "REVOKED")],
)
def test_progress_that_comes_late_opens_no_row_that_has_ended(last: str, state: str) -> None:
    """Each worker tells by itself: what Celery makes of the events depends on their order."""
    rows: Any = Rows()

    seen = []
    for kind in ("task-received", "task-started", PROGRESS, last, PROGRESS):
        rows.event({"type": kind, "uuid": "m", "hostname": "w", "timestamp": 1.0, "clock": 1,
                    "local_received": 1.0})  # fmt: skip
        seen.append(rows.tasks["m"].state)

    assert seen == ["RECEIVED", "STARTED", "STARTED", state, state]


def test_one_part_of_a_burst_tells_and_with_nobody_to_tell_none_is_chosen(fleet: Fleet) -> None:
    told: list[int] = []
    claims = fleet.claim_many("m", range(1, 4))

    for number, claim in claims.items():
        tell = told.append if number > 1 else None
        window.advance(fleet.redis, window.Part("m", 1, number), claim.token, "w", tell)

    assert told == [2]


def test_a_second_later_the_next_part_tells(fleet: Fleet) -> None:
    told: list[int] = []
    claims = fleet.claim_many("m", range(1, 4))
    for number, claim in claims.items():
        window.advance(fleet.redis, window.Part("m", 1, number), claim.token, "w", told.append)
        fleet.redis.hset("s3mover:move:m", "shown", fleet.redis.time()[0] - window.PAUSE - 1)

    assert told == [1, 2, 3]
