"""The record of a move as a stream, of a real server."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from s3mover import BrokerUnavailable, Mover, MoveRecord
from s3mover.web import create_app
from s3mover.web.access import SESSION
from s3mover.web.tokens import LIFETIME, Tokens
from tests.process.rig import until
from tests.s3mover.records import COPYING, DONE, Write
from tests.s3mover.web.browsing import BEARER, MOVE, TOKEN
from tests.s3mover.web.serving import serving


@pytest.fixture
def site(app: Starlette) -> Iterator[str]:
    with serving(app) as address:
        yield address


@contextmanager
def following(site: str, path: str, **headers: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Follow a stream; what is yielded are its events."""
    with httpx2.stream("GET", site + path, headers={**BEARER, **headers}, timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield events(answer.iter_lines())


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name:
            event[name] = value
        elif "data" in event:
            yield event
            event = {}


def states(found: Iterator[dict[str, Any]]) -> list[str]:
    return [json.loads(event["data"])["state"] for event in found]


def test_a_watcher_gets_the_record_now_after_each_change_and_the_end(
    site: str, mover: Mover, write: Write
) -> None:
    move_id = mover.move(**MOVE)

    with following(site, f"/moves/{move_id}/events") as found:
        assert states(iter([next(found)])) == ["queued"]
        time.sleep(0.3)  # some ticks, in which nothing changes
        write(move_id, **COPYING)
        assert states(iter([next(found)])) == ["copying"]
        write(move_id, **DONE)
        assert states(found) == ["done"]


def test_what_is_sent_is_the_record(site: str, mover: Mover, write: Write) -> None:
    move_id = mover.move("s3://bucket/new\nline \u2028 <script>", "/b")
    write(move_id, **DONE)

    with following(site, f"/moves/{move_id}/events") as found:
        (event,) = found

    assert MoveRecord.model_validate_json(event["data"]) == mover.status(move_id)


def test_a_browser_that_comes_back_after_the_end_is_told_to_stop(
    site: str, mover: Mover, write: Write
) -> None:
    move_id = mover.move(**MOVE)
    write(move_id, **DONE)
    address = f"/moves/{move_id}/events"
    with following(site, address) as found:
        (event,) = found

    again = {**BEARER, "Last-Event-ID": event["id"]}

    assert httpx2.get(site + address, headers=again, timeout=30).status_code == 204


class Flaky(Mover):
    """A client whose Redis is away while a test says so."""

    away = False
    refused = 0

    def status(self, move_id: str) -> MoveRecord:
        if self.away:
            self.refused += 1
            raise BrokerUnavailable("away")
        return super().status(move_id)


def test_a_stream_outlives_an_absence_of_redis(server: Any, mover: Mover, write: Write) -> None:
    move_id, flaky = mover.move(**MOVE), Flaky(server.url)

    with (
        serving(create_app(flaky, tokens=[TOKEN], tick=0.01)) as site,
        following(site, f"/moves/{move_id}/events") as found,
    ):
        assert states(iter([next(found)])) == ["queued"]
        flaky.away = True
        until(lambda: flaky.refused > 2)
        write(move_id, **DONE)
        flaky.away = False
        assert states(found) == ["done"]


def test_the_page_follows_its_list(site: str, mover: Mover, write: Write) -> None:
    move_id = mover.move(**MOVE)

    with following(site, "/live?q=bucket") as found:
        first = json.loads(next(found)["data"])
        write(move_id, **COPYING)
        later = next(
            move
            for event in found
            for move in json.loads(event["data"]).get("moves", [])
            if move["state"] == "copying"
        )

    assert [move["id"] for move in first["moves"]] == [move_id]
    assert later["id"] == move_id


def test_the_list_is_sent_again_only_when_it_has_changed(
    site: str, mover: Mover, write: Write
) -> None:
    move_id = mover.move(**MOVE)

    with following(site, "/live") as found:
        sent = [json.loads(next(found)["data"]) for _ in range(3)]
        write(move_id, **COPYING)
        again = next(event for event in found if "moves" in json.loads(event["data"]))

    assert ["moves" in each for each in sent] == [True, False, False]
    assert json.loads(again["data"])["moves"][0]["state"] == "copying"


def test_the_page_is_told_that_redis_is_away(away: Starlette) -> None:
    with serving(away) as site, following(site, "/live") as found:
        event = next(found)

    assert event["event"] == "away"
    assert "Redis" in event["data"]


@pytest.mark.parametrize("path", ["/live", "/moves/{id}/events"])
def test_a_stream_ends_with_the_session_that_opened_it(site: str, mover: Mover, path: str) -> None:
    place = site + path.format(id=mover.move(**MOVE))
    session = Tokens.of([TOKEN]).session(TOKEN, time.time() - LIFETIME + 2)
    cookie = {"Cookie": f"{SESSION}={session}"}

    with httpx2.stream("GET", place, headers=cookie, timeout=5) as answer:
        assert answer.status_code == 200
        over = time.monotonic() + 5
        for _ in events(answer.iter_lines()):
            assert time.monotonic() < over

    assert httpx2.get(place, headers=cookie).status_code == 401
