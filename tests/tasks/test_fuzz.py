"""Requests of any shape: each is a move, or a refusal of bounded size under its task's id."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from s3mover import MoveRecord, State, journal
from s3mover.contract import MoveRequest
from s3mover.request import move_id_of
from tasks.deployment import Deployment
from tasks.move import accept

# A record of a refusal: its error has 2,000 characters at most, here as JSON.
MOST = 15_000

EXAMPLES = 400

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
LOCATIONS = st.one_of(
    st.just("s3://bucket/a"),
    st.text(alphabet="s3:/bcket.~%\x00\ud800\u00e9", max_size=40),
    st.text(max_size=2100).map("s3://bucket/".__add__),
    JSON,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "source": LOCATIONS,
        "destination": LOCATIONS,
        "version": st.just(1) | JSON,
        **{
            name: st.integers() | JSON
            for name in MoveRequest.model_fields
            if name not in {"source", "destination", "version"}
        },
    },
)
EXTRA = st.dictionaries(st.text(), JSON, max_size=2)


def record_of(redis: Redis, move_id: str) -> MoveRecord:
    record = journal.read(redis, move_id)
    assert MoveRecord.model_validate_json(record.model_dump_json()) == record
    return record


@pytest.fixture
def here(redis: Redis) -> Deployment:
    return cast("Deployment", SimpleNamespace(redis=redis, settings=SimpleNamespace(record_ttl=60)))


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(args=st.lists(JSON, max_size=2) | st.just([]), fields=FIELDS, extra=st.just({}) | EXTRA)
def test_whatever_is_asked_for_is_accepted_or_refused_in_the_journal(
    here: Deployment, args: list[Any], fields: dict[str, Any], extra: dict[str, Any]
) -> None:
    task_id = str(uuid4())

    move_id = accept(here, task_id, tuple(args), {**extra, **fields})

    record = record_of(here.redis, move_id or task_id)
    if move_id:
        key = fields.get("idempotency_key")
        assert move_id == (move_id_of(key) if key else task_id)
        assert (record.state, record.source) == (State.QUEUED, fields["source"])
    else:
        assert record.state is State.FAILED
        assert record.error is not None
        assert record.error.message
    assert len(record.model_dump_json()) < MOST


@pytest.mark.parametrize("field", ["source", "destination", "idempotency_key", "colour"])
def test_a_field_of_a_megabyte_is_refused_without_being_kept(here: Deployment, field: str) -> None:
    good = {"source": "s3://bucket/a", "destination": "s3://bucket/b"}

    assert accept(here, "task", (), good | {field: "s3://bucket/" + "x" * 10**6}) is None

    assert (here.redis.memory_usage("s3mover:move:task") or MOST) < MOST
    assert "xxx" not in repr(here.redis.hgetall("s3mover:move:task"))
