"""The API of moves of prefixes: what it answers to requests, good and bad."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from redis import Redis
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s3mover import Mover, PrefixRecord
from s3mover.prefix_journal import prefix_key
from tests.s3mover.web.browsing import BEARER, client_of

PREFIXES: Any = {"source": "s3://inbox/2026/", "destination": "s3://archive/2026/"}


def end(redis: Redis, prefix_id: str, state: str) -> None:
    facts: dict[Any, Any] = {"state": state, "started": 1, "updated": 3, "finished": 3}
    redis.hset(prefix_key(prefix_id), mapping=facts)


def test_a_move_is_accepted_once_for_a_key_and_its_record_is_where_the_answer_says(
    api: TestClient, messages: Any
) -> None:
    wanted = {**PREFIXES, "older": "7d"}
    first = api.post("/prefixes", json=wanted, headers={"Idempotency-Key": "k"})
    second = api.post("/prefixes", json={**wanted, "idempotency_key": "k"})

    assert (first.status_code, first.json()) == (202, second.json())
    record = PrefixRecord.model_validate(api.get(first.headers["location"]).json())
    assert (record.state, record.source) == ("queued", PREFIXES["source"])
    assert {each["task"] for each in messages()} == {"s3mover.move_prefix"}
    assert [each["id"] for each in api.get("/prefixes?limit=1").json()["prefixes"]] == [record.id]


def test_it_is_paused_resumed_and_cancelled(api: TestClient, mover: Mover) -> None:
    one = f"/prefixes/{mover.move_prefix(**PREFIXES)}"

    assert api.post(f"{one}/pause").json()["state"] == "paused"
    assert api.post(f"{one}/resume").json()["state"] == "queued"
    assert api.delete(one).json()["state"] == "cancelled"
    assert api.delete(one).status_code == 200
    assert api.post(f"{one}/pause").status_code == 409


def test_what_goes_on_is_cancelled_later(api: TestClient, mover: Mover, redis: Redis) -> None:
    prefix_id = mover.move_prefix(**PREFIXES)
    redis.hset(prefix_key(prefix_id), "started", 1)

    answer = api.delete(f"/prefixes/{prefix_id}")

    assert (answer.status_code, answer.json()["stopping"]) == (202, "cancelled")


def test_what_is_done_is_not_cancelled_and_what_failed_is_tried_again(
    api: TestClient, mover: Mover, redis: Redis
) -> None:
    prefix_id = mover.move_prefix(**PREFIXES)
    end(redis, prefix_id, "failed")

    late = api.delete(f"/prefixes/{prefix_id}")
    again = [api.post(f"/prefixes/{prefix_id}/retry") for _ in range(2)]

    assert (late.status_code, late.json()["detail"]) == (409, "the move has ended: failed")
    assert [each.status_code for each in again] == [202, 202]
    assert again[0].json() == again[1].json() != {"id": prefix_id}


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ('{"source": "s3://inbox/x"}', 422), ('{"source": "s3://in/x/", "x": 1}', 422)],
)
def test_a_bad_request_is_a_problem(api: TestClient, body: str, status: int) -> None:
    answer = api.post("/prefixes", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == status
    assert answer.json()["faults"]


@pytest.mark.parametrize(
    ("method", "more"),
    [("GET", ""), ("DELETE", ""), ("POST", "/pause"), ("POST", "/retry"), ("GET", "/events")],
)
def test_an_unknown_id_is_404(api: TestClient, method: str, more: str) -> None:
    assert api.request(method, f"/prefixes/none{more}").status_code == 404


def test_while_redis_is_away_it_says_so(away: Starlette) -> None:
    with client_of(away, **BEARER) as client:
        assert client.get("/prefixes").status_code == 503
        assert client.post("/prefixes", json=PREFIXES).status_code == 503


def test_the_events_of_one_that_has_ended_are_its_record(
    api: TestClient, mover: Mover, redis: Redis
) -> None:
    prefix_id = mover.move_prefix(**PREFIXES)
    end(redis, prefix_id, "done")

    text = api.get(f"/prefixes/{prefix_id}/events").text

    assert text.count('"state":"done"') == 1


def test_requests_and_records_are_as_the_document_says(api: TestClient, mover: Mover) -> None:
    document = api.get("/openapi.json").json()
    one = f"/prefixes/{mover.move_prefix(**PREFIXES)}"

    def check(value: object, model: str) -> None:
        schema = {"$ref": f"#/components/schemas/{model}", "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(value)

    check(PREFIXES, "PrefixRequest")
    check(api.get(one).json(), "PrefixRecord")
    check(api.get("/prefixes").json(), "PrefixList")
