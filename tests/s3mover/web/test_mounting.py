"""The application inside another one."""

import re

from fastapi import FastAPI
from starlette.testclient import TestClient

from s3mover import Mover
from s3mover.web import create_app
from tests.s3mover.web.browsing import BEARER, HERE, MOVE, TOKEN


def mounted(mover: Mover) -> TestClient:
    around = FastAPI()
    around.mount("/moves-of-ours", create_app(mover, tokens=[TOKEN]))
    return TestClient(around, follow_redirects=False)


def test_the_record_of_a_move_is_below_the_mount(mover: Mover) -> None:
    client = mounted(mover)

    answer = client.post("/moves-of-ours/moves", json=MOVE, headers=BEARER)

    assert answer.headers["location"].startswith("/moves-of-ours/moves/")
    assert client.get(answer.headers["location"], headers=BEARER).status_code == 200


def test_the_page_and_its_session_stay_below_the_mount(mover: Mover) -> None:
    with mounted(mover) as client:
        client.headers.update(HERE)
        signed = client.post("/moves-of-ours/login", data={"token": TOKEN}, follow_redirects=True)
        csrf = re.search('name="csrf" value="(.*?)"', signed.text)
        assert csrf

        started = client.post(
            "/moves-of-ours/start", data={**MOVE, "csrf": csrf[1]}, follow_redirects=True
        )

        assert str(started.url).startswith("http://testserver/moves-of-ours/#m-")
        assert MOVE["source"] in started.text
        assert [cookie.path for cookie in client.cookies.jar] == ["/moves-of-ours/"]


def test_an_error_is_a_problem_there_too(mover: Mover) -> None:
    answer = mounted(mover).get("/moves-of-ours/moves/none", headers=BEARER)

    assert (answer.status_code, answer.json()["status"]) == (404, 404)
