"""The API: what it answers to requests, good and bad."""

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s3mover import Mover, MoveRecord
from tests.s3mover.bad_requests import BAD
from tests.s3mover.records import COPYING, DONE, Write
from tests.s3mover.web.browsing import BEARER, MOVE, client_of

JSON = {"Content-Type": "application/json"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """Return the problem that the answer has to be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["title"]
    return found


def test_a_move_is_accepted_and_its_record_is_where_the_answer_says(api: TestClient) -> None:
    answer = api.post("/moves", json=MOVE)

    assert answer.status_code == 202
    assert answer.headers["retry-after"] == "1"
    record = MoveRecord.model_validate(api.get(answer.headers["location"]).json())
    assert (record.id, record.state) == (answer.json()["id"], "queued")
    assert (record.source, record.destination) == (MOVE["source"], MOVE["destination"])


def test_a_move_reaches_the_workers(api: TestClient, messages: Any) -> None:
    move_id = api.post("/moves", json={**MOVE, "overwrite": "never"}).json()["id"]

    (message,) = messages()
    assert (message["id"], message["task"]) == (move_id, "s3mover.move")
    assert message["kwargs"] == {**MOVE, "overwrite": "never", "version": 1}


@pytest.mark.parametrize("key", ["abc", '"abc"'])
def test_the_same_key_and_body_are_one_move(api: TestClient, mover: Mover, key: str) -> None:
    first = api.post("/moves", json=MOVE, headers={"Idempotency-Key": key})
    second = api.post("/moves", json=MOVE, headers={"Idempotency-Key": "abc"})
    third = api.post("/moves", json={**MOVE, "idempotency_key": "abc"})

    assert first.json() == second.json() == third.json()
    assert len(mover.list()) == 1


def test_the_same_key_with_another_body_is_refused(api: TestClient, mover: Mover) -> None:
    api.post("/moves", json=MOVE, headers={"Idempotency-Key": "abc"})

    other = api.post("/moves", json={**MOVE, "source": "/x"}, headers={"Idempotency-Key": "abc"})

    assert "idempotency key" in problem(other, 422)["detail"]
    assert len(mover.list()) == 1


def test_two_keys_for_one_move_are_refused(api: TestClient) -> None:
    body = {**MOVE, "idempotency_key": "abc"}

    answer = api.post("/moves", json=body, headers={"Idempotency-Key": "xyz"})

    assert "two keys" in problem(answer, 422)["detail"]


@pytest.mark.parametrize("key", ["", '""', "x" * 257, "caf\xe9"])
def test_a_key_that_is_none_is_refused(api: TestClient, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]

    answer = api.post("/moves", json=MOVE, headers=headers)

    assert "256 printable" in problem(answer, 400)["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"source": }', b"nonsense"])
def test_what_is_no_json_is_a_400(api: TestClient, body: bytes) -> None:
    problem(api.post("/moves", content=body, headers=JSON), 400)


@pytest.mark.parametrize("bad", [each for each in BAD if len(str(each)) < 10_000])
def test_a_bad_field_is_a_422_that_names_it(
    api: TestClient, mover: Mover, bad: dict[str, Any]
) -> None:
    body = json.dumps({**MOVE, **bad}, default=list)

    answer = api.post("/moves", content=body, headers=JSON)

    found = problem(answer, 422)
    assert next(iter(bad)) in found["faults"][0]
    assert mover.list() == []


@pytest.mark.parametrize("body", ["[]", "null", "7", '"x"', "{}"])
def test_what_is_no_request_is_a_422(api: TestClient, body: str) -> None:
    assert problem(api.post("/moves", content=body, headers=JSON), 422)["faults"]


def test_a_body_of_another_type_is_a_415(api: TestClient) -> None:
    found = problem(api.post("/moves", data=MOVE), 415)

    assert "application/json" in found["detail"]


def test_a_body_is_bounded(api: TestClient) -> None:
    long = json.dumps({**MOVE, "source": "s3://bucket/" + "x" * 70_000})

    problem(api.post("/moves", content=long, headers=JSON), 413)


def test_the_list_has_the_youngest_first_and_as_many_as_asked_for(
    api: TestClient, mover: Mover
) -> None:
    ids = [mover.move(f"/a/{n}", "/b") for n in range(5)]

    found = api.get("/moves", params={"limit": 3}).json()["moves"]

    assert [move["id"] for move in found] == ids[:1:-1]


def test_the_list_can_be_searched_and_narrowed_to_states(
    api: TestClient, mover: Mover, write: Write
) -> None:
    plain, done, copying = (mover.move(f"/in/{n}", "/Out/x") for n in ("plain", "done", "copy"))
    write(done, **DONE)
    write(copying, **COPYING)

    def ids(**params: Any) -> set[str]:
        return {move["id"] for move in api.get("/moves", params=params).json()["moves"]}

    assert ids(state="done") == {done}
    assert ids(state=["done", "copying"]) == {done, copying}
    assert ids(state="") == {plain, done, copying}
    assert ids(q="PLAIN") == {plain}
    assert ids(q="out/") == {plain, done, copying}
    assert ids(q=done[:13]) == {done}
    assert ids(q="out/", state="queued", limit=1) == {plain}
    assert ids(q="nowhere") == set()


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"state": "lost"}, {"order": "up"},
        {"q": "x" * 1025},
    ],
)  # fmt: skip
def test_a_bad_parameter_is_a_400_that_names_it(api: TestClient, params: dict[str, str]) -> None:
    found = problem(api.get("/moves", params=params), 400)

    assert next(iter(params)) in found["detail"]


@pytest.mark.parametrize("path", ["/moves/none", "/moves/none/events"])
def test_an_unknown_move_is_a_404(api: TestClient, path: str) -> None:
    assert "none" in problem(api.get(path), 404)["detail"]
    problem(api.delete("/moves/none"), 404)


def test_what_is_not_there_and_what_cannot_be_done_are_problems_too(api: TestClient) -> None:
    problem(api.get("/nothing"), 404)
    problem(api.put("/moves", json=MOVE), 405)


def test_a_queued_move_is_cancelled_at_once_and_again(api: TestClient, mover: Mover) -> None:
    move_id = mover.move(**MOVE)

    for _ in range(2):
        answer = api.delete(f"/moves/{move_id}")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


def test_a_move_under_way_is_cancelled_when_its_parts_have_come_home(
    api: TestClient, mover: Mover, write: Write
) -> None:
    move_id = mover.move(**MOVE)
    write(move_id, **COPYING)

    answer = api.delete(f"/moves/{move_id}")

    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["stopping"]) == ("copying", "cancelled")


def test_it_can_be_too_late_to_cancel(api: TestClient, mover: Mover, write: Write) -> None:
    done, committed = mover.move(**MOVE), mover.move(**MOVE)
    write(done, **DONE)
    write(committed, **COPYING, committed=1)

    assert "ended: done" in problem(api.delete(f"/moves/{done}"), 409)["detail"]
    assert "too late" in problem(api.delete(f"/moves/{committed}"), 409)["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/moves"),
        ("GET", "/moves"),
        ("GET", "/moves?q=x"),
        ("GET", "/moves/x"),
        ("DELETE", "/moves/x"),
        ("GET", "/moves/x/events"),
    ],
)
def test_without_redis_there_is_a_503_that_says_when_to_come_again(
    away: Starlette, method: str, path: str
) -> None:
    body = MOVE if method == "POST" else None

    answer = client_of(away, **BEARER).request(method, path, json=body)

    assert "Redis" in problem(answer, 503)["detail"]
    assert int(answer.headers["retry-after"]) > 0


def test_without_redis_the_application_is_still_alive(away: Starlette) -> None:
    assert client_of(away).get("/healthz").text == "ok\n"


def test_prometheus_reads_the_figures_of_all_moves(api: TestClient, mover: Mover) -> None:
    mover.move(**MOVE)

    answer = api.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain")
    assert "s3mover_up 1.0" in answer.text
