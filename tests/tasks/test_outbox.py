"""Callbacks are owed from the very step that ends a move, until they were made or given up."""

from typing import Any

import pytest
from celery import Celery
from redis import Redis

from s3mover import MoveError, MoveRequest, State, journal
from s3mover.callbacks import OnEnd
from tasks import callbacks, ending, outbox
from tasks.deployment import Deployment
from tasks.journal import owning, refuse
from tests.process.queues import messages

OUTBOX = "s3mover:outbox"
ON_END: OnEnd = {"task": "web.on_done", "queue": "web"}
BOTH = MoveRequest(
    source="s3://bbb/a",
    destination="s3://bbb/b",
    on_end=ON_END,
    webhook="https://hooks.example.com",
)


@pytest.fixture
def owed(here: Deployment) -> str:
    """End a move whose worker dies before it asks for the callbacks."""
    journal.accept(here.redis, "m", BOTH)
    with owning(here, "m", "") as move:
        move.finish(State.DONE, 60)
    return "m"


@pytest.fixture
def commands(here: Deployment, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """List what the journal's connection is asked."""
    seen: list[Any] = []
    execute: Any = here.redis.execute_command

    def note(*args: Any, **options: Any) -> Any:
        seen.append(args[0])
        return execute(*args, **options)

    monkeypatch.setattr(here.redis, "execute_command", note)
    return seen


def entries(redis: Redis) -> set[str]:
    return {str(entry) for entry in redis.zrange(OUTBOX, 0, -1)}


def make_due(redis: Redis) -> None:
    for entry in entries(redis):
        redis.zadd(OUTBOX, {entry: 0})


def test_a_callback_that_never_lives_to_its_end_is_given_up(here: Deployment, owed: str) -> None:
    for _ in range(here.settings.callback_attempts):
        outbox.take(here.redis, owed, "on_end", 0)

    assert callbacks.make(here, owed, "on_end") is None

    assert journal.read(here.redis, owed).callbacks["on_end"].startswith("not sent: begun 12 times")
    assert entries(here.redis) == {"webhook m"}


def test_the_end_of_a_move_writes_what_is_owed(redis: Redis, owed: str) -> None:
    assert entries(redis) == {"on_end m", "webhook m"}
    assert journal.read(redis, owed).callbacks == {"on_end": "waiting", "webhook": "waiting"}


def test_a_cancel_that_ends_a_queued_move_writes_it_too(redis: Redis) -> None:
    journal.accept(redis, "m", BOTH)
    assert entries(redis) == set()

    assert journal.stop(redis, "m", State.CANCELLED) == "cancelled"

    assert entries(redis) == {"on_end m", "webhook m"}


def test_a_request_that_another_is_in_the_way_of_is_told(redis: Redis) -> None:
    error = MoveError(code="IdempotencyConflict", message="another move")

    for _ in range(2):
        refuse(redis, "task", error, 60, BOTH)
    refuse(redis, "nonsense", error, 60)

    assert entries(redis) == {"on_end task", "webhook task"}
    assert outbox.take(redis, "task", "webhook", 60) == (1, BOTH)


def test_a_move_without_callbacks_costs_nothing_more(
    here: Deployment, request_ab: MoveRequest, commands: list[Any]
) -> None:
    journal.accept(here.redis, "m", request_ab)
    with owning(here, "m", "") as move:
        commands.clear()
        ending.finish(here, move, State.DONE)

    assert [name for name in commands if name != "SCRIPT LOAD"] in (["EVALSHA"], ["EVALSHA"] * 2)
    assert messages(here.redis) == []
    assert not here.redis.exists(OUTBOX)
    assert "callbacks" not in here.redis.hgetall("s3mover:move:m")


def test_who_ends_a_move_asks_for_its_callbacks(here: Deployment) -> None:
    journal.accept(here.redis, "m", BOTH)
    with owning(here, "m", "") as move:
        ending.finish(here, move, State.DONE)

    assert len(messages(here.redis)) + here.redis.llen("celery") == 2


def test_one_at_a_time_makes_a_callback(redis: Redis, owed: str) -> None:
    assert outbox.take(redis, owed, "webhook", 60) == (1, BOTH)
    assert outbox.take(redis, owed, "webhook", 60) == (0, None)
    assert outbox.take(redis, owed, "on_end", 60) == (1, BOTH)


def test_a_callback_whose_maker_died_is_made_by_another(redis: Redis, owed: str) -> None:
    outbox.take(redis, owed, "webhook", 0)

    assert outbox.take(redis, owed, "webhook", 0)[0] == 2


def test_what_was_made_is_owed_no_more(redis: Redis, owed: str) -> None:
    for kind in ("webhook", "on_end"):
        outbox.take(redis, owed, kind, 60)
        for word in ("sent", "a late word of one who slept"):
            outbox.told(redis, owed, kind, word)
        assert outbox.take(redis, owed, kind, 60) == (0, None)

    assert journal.read(redis, owed).callbacks == {"on_end": "sent", "webhook": "sent"}
    assert not redis.exists(OUTBOX)


def test_a_callback_is_not_tried_again_before_its_pause_is_over(redis: Redis, owed: str) -> None:
    outbox.take(redis, owed, "webhook", 60)

    outbox.told(redis, owed, "webhook", "try 1 failed", 1000)
    assert outbox.take(redis, owed, "webhook", 60) == (0, None)
    outbox.told(redis, owed, "webhook", "try 1 failed", 0)
    assert outbox.take(redis, owed, "webhook", 60)[0] == 2


def test_the_sweep_asks_for_what_is_left_once_in_a_while(here: Deployment, owed: str) -> None:
    outbox.remind(here)
    assert here.redis.llen("celery") == 0  # the one who ended it may be about to ask

    make_due(here.redis)
    outbox.remind(here)
    outbox.remind(here)

    assert here.redis.llen("celery") == 2


def test_a_record_that_has_expired_is_told_to_nobody(here: Deployment, owed: str) -> None:
    here.redis.delete("s3mover:move:m")

    assert callbacks.make(here, owed, "webhook") is None
    outbox.told(here.redis, owed, "on_end", "sent")

    assert set(here.redis.keys("s3mover:*")) == {"s3mover:moves", "s3mover:tally"}


@pytest.mark.parametrize("move_id", ["never heard of", "", "m webhook"])
def test_nonsense_is_told_to_nobody(here: Deployment, move_id: str) -> None:
    assert callbacks.make(here, move_id, "webhook") is None
    assert here.redis.keys("s3mover:*") == []


def test_our_own_workers_do_not_consume_the_queue_of_another_program(
    here: Deployment, celery: Celery, owed: str
) -> None:
    allowed = here.settings.model_copy(update={"callback_queues": frozenset({"web"})})
    before = set(celery.amqp.queues.consume_from)

    assert (
        callbacks.make(Deployment(allowed, here.s3, here.redis, here.keeper), owed, "on_end")
        is None
    )

    assert here.redis.llen("web") == 1
    assert set(celery.amqp.queues.consume_from) == before


def test_the_pauses_grow_to_an_hour() -> None:
    pauses = [callbacks.pause_after(tries) for tries in (1, 2, 3, 7, 12, 1000)]

    expected = [5.0, 15.0, 45.0, 3600.0, 3600.0, 3600.0]
    assert pauses == pytest.approx(expected, rel=0.11)
