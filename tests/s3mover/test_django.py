"""A move and a transaction of Django's: it is sent if and when that commits; two real databases."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connections, transaction

from s3mover import IdempotencyConflict, InvalidRequest, Mover, UnknownMove
from s3mover.request import move_id_of
from tests.s3mover.records import A, B

Messages = Callable[[], list[dict[str, Any]]]


@pytest.fixture(scope="module", autouse=True)
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("databases")
    engine = "django.db.backends.sqlite3"
    names = ("default", "other")
    settings.configure(
        DATABASES={name: {"ENGINE": engine, "NAME": folder / name} for name in names}
    )
    django.setup()
    yield
    connections.close_all()


@pytest.fixture
def enqueue(mover: Mover) -> Callable[..., str]:
    from s3mover.django import enqueue_on_commit  # noqa: PLC0415  # Django has to be set up

    def enqueue(**options: Any) -> str:
        return enqueue_on_commit(mover, A, B, **options)

    return enqueue


def roll_back(enqueue: Callable[..., str]) -> None:
    with transaction.atomic():
        enqueue()
        raise ZeroDivisionError


def sent(messages: Messages) -> list[str]:
    return [message["id"] for message in messages()]


def test_a_move_is_sent_when_the_transaction_commits(
    enqueue: Callable[..., str], messages: Messages, mover: Mover
) -> None:
    with transaction.atomic():
        move_id = enqueue(idempotency_key="k")
        assert move_id == move_id_of("k")
        assert sent(messages) == []
        with pytest.raises(UnknownMove):
            mover.status(move_id)

    assert sent(messages) == [move_id]
    assert mover.status(move_id).source == A


def test_outside_of_a_transaction_it_is_sent_at_once(
    enqueue: Callable[..., str], messages: Messages
) -> None:
    assert sent(messages) == [] != [move_id := enqueue()]
    assert sent(messages) == [move_id]


def test_after_a_rollback_nothing_is_sent(enqueue: Callable[..., str], messages: Messages) -> None:
    with pytest.raises(ZeroDivisionError):
        roll_back(enqueue)

    assert sent(messages) == []


def test_in_nested_blocks_it_is_sent_with_the_outermost_and_not_after_a_rolled_back_savepoint(
    enqueue: Callable[..., str], messages: Messages
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            kept = enqueue()
        with pytest.raises(ZeroDivisionError):
            roll_back(enqueue)
        assert sent(messages) == []

    assert sent(messages) == [kept]


def test_another_databases_transaction_can_be_waited_for(
    enqueue: Callable[..., str], messages: Messages
) -> None:
    with transaction.atomic(using="other"):
        now = enqueue()
        later = enqueue(using="other")
        assert sent(messages) == [now]

    assert set(sent(messages)) == {now, later}


def test_a_bad_request_is_refused_where_it_is_made(
    enqueue: Callable[..., str], messages: Messages
) -> None:
    with pytest.raises(InvalidRequest), transaction.atomic():
        enqueue(deadline=-1)

    assert sent(messages) == []


def test_a_conflict_shows_where_the_transaction_ends(
    enqueue: Callable[..., str], mover: Mover
) -> None:
    mover.move(B, A, idempotency_key="k")

    block = transaction.atomic()
    block.__enter__()
    enqueue(idempotency_key="k")
    with pytest.raises(IdempotencyConflict):
        block.__exit__(None, None, None)


def test_without_django_the_error_says_what_is_missing(tmp_path: Path) -> None:
    script = "import sys; sys.modules['django'] = None; import s3mover.django"

    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert "s3mover.django is for Django projects: pip install django" in done.stderr
