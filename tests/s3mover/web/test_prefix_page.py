"""Moves of prefixes as HTML: what a browser without scripts sees and can do."""

import json
import re
from typing import Any

import pytest
from redis import Redis
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s3mover import Mover, PrefixState
from s3mover.prefix_journal import prefix_key, troubles_key
from s3mover.prefix_rate import look
from s3mover.web.prefix_view import NO_PREFIX, prefix_view
from tests.s3mover.web.browsing import sign_in
from tests.s3mover.web.test_page import HOSTILE, Elements

SOURCE, DESTINATION = "s3://inbox/2026/", "s3://archive/2026/"


@pytest.fixture
def prefix_id(mover: Mover, redis: Redis) -> str:
    """Return the id of a move that is half way, with two kinds of errors."""
    prefix_id = mover.move_prefix(SOURCE, DESTINATION)
    facts: dict[Any, Any] = {
        "state": "moving",
        "created": 1_790_000_000,
        "started": 1_790_000_000,
        "updated": 1_790_000_010,
        "found": 1000,
        "found_bytes": 4_096_000,
        "listed": 1,
        "moved": 480,
        "moved_bytes": 1_966_080,
        "failed": 20,
        "copied:3": "100 409600",
        "report": "s3://archive/~s3mover/reports/x/",
    }
    redis.hset(prefix_key(prefix_id), mapping=facts)
    example = json.dumps(["a<b>.mov", "<img src=x onerror=alert(1)>"])
    troubles: dict[Any, Any] = {"AccessDenied": 20, "AccessDenied example": example}
    redis.hset(troubles_key(prefix_id), mapping=troubles)
    return prefix_id


def press(browser: TestClient, prefix_id: str, what: str) -> Any:
    html = browser.get(f"/prefix?id={prefix_id}").text
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found
    fields = {"csrf": found[1], "id": prefix_id, "what": what}
    return browser.post("/steer", data=fields, follow_redirects=False)


def buttons(html: str) -> set[str | None]:
    """Return what the buttons say that are to be seen."""
    shown = html.partition("<template")[0]
    return {
        each["value"]
        for each in Elements(shown).of("button")
        if each.get("name") == "what" and "hidden" not in each
    }


def test_the_page_of_a_move_has_all_of_its_record(browser: TestClient, prefix_id: str) -> None:
    html = browser.get(f"/prefix?id={prefix_id}").text
    page = Elements(html)

    assert next(page.of("progress"))["value"] == "60"
    for text in (
        SOURCE, DESTINATION, "480 of 1000 objects", "100 more copied", "1.9 MiB of 3.9 MiB",
        "60 objects/s", "6.9 s left", "20 failed", "s3://archive/~s3mover/reports/x/",
        "AccessDenied (20), such as a<b>.mov: <img src=x onerror=alert(1)>",
    ):  # fmt: skip
        assert text in page.text
    assert not list(page.of("b"))
    assert [each["src"] for each in page.of("img")] == ["static/icon.svg"]
    assert buttons(html) == {"pause", "cancel"}


def test_the_list_names_it_and_leads_to_its_page(browser: TestClient, prefix_id: str) -> None:
    page = Elements(browser.get("/").text)

    assert f"prefix?id={prefix_id}" in [each.get("href") for each in page.of("a")]
    assert "480 of 1000 objects" in page.text


@pytest.mark.parametrize(
    ("query", "is_there"),
    [("?q=2026", True), ("?q=nothing", False), ("?state=done", False), ("?state=failed", False)],
)
def test_a_search_finds_moves_of_prefixes_too(
    browser: TestClient, prefix_id: str, query: str, *, is_there: bool
) -> None:
    html = browser.get(f"/{query}").text

    assert (f'data-id="{prefix_id}"' in html) is is_there


def test_it_is_paused_resumed_and_cancelled_by_buttons(
    browser: TestClient, mover: Mover, prefix_id: str
) -> None:
    answer = press(browser, prefix_id, "pause")
    assert (answer.status_code, answer.headers["location"]) == (303, f"prefix?id={prefix_id}")
    paused = browser.get(f"/prefix?id={prefix_id}").text
    assert buttons(paused) == {"resume", "cancel"}
    assert "objects/s" not in Elements(paused).text

    press(browser, prefix_id, "resume")
    assert mover.prefixes.status(prefix_id).state is PrefixState.MOVING
    press(browser, prefix_id, "cancel")
    assert mover.prefixes.status(prefix_id).stopping == "cancelled"
    assert buttons(browser.get(f"/prefix?id={prefix_id}").text) == set()


def test_what_is_left_is_moved_by_another_move(
    browser: TestClient, redis: Redis, mover: Mover, prefix_id: str
) -> None:
    redis.hset(prefix_key(prefix_id), mapping={"state": "failed", "finished": "1790000020"})
    assert buttons(browser.get(f"/prefix?id={prefix_id}").text) == {"retry"}

    answer = press(browser, prefix_id, "retry")

    there = answer.headers["location"].removeprefix("prefix?id=")
    assert there != prefix_id
    assert mover.prefixes.status(there).state is PrefixState.QUEUED


def test_a_button_needs_the_token_of_its_session(
    app: Starlette, browser: TestClient, mover: Mover, prefix_id: str
) -> None:
    with sign_in(app) as other:
        html = other.get(f"/prefix?id={prefix_id}").text
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found

    for csrf in ("", found[1]):
        fields = {"csrf": csrf, "id": prefix_id, "what": "cancel"}
        assert browser.post("/steer", data=fields).status_code == 403
    assert mover.prefixes.status(prefix_id).stopping is None


def test_an_unknown_move_or_button_is_said_on_the_page(browser: TestClient, prefix_id: str) -> None:
    unknown = browser.get("/prefix?id=none")
    strange = press(browser, prefix_id, "explode")

    assert (unknown.status_code, strange.status_code) == (404, 422)
    assert "no move of a prefix none" in Elements(unknown.text).text
    assert "no such button" in strange.text


def test_nothing_in_a_name_becomes_markup(browser: TestClient, mover: Mover) -> None:
    prefix_id = mover.move_prefix(f"{HOSTILE}/", "s3://archive/")

    page = Elements(browser.get(f"/prefix?id={prefix_id}").text)

    assert [each["src"] for each in page.of("script")] == ["static/page.js"]
    assert f"{HOSTILE}/" in page.text


def test_the_view_of_no_move_has_all_that_one_has(mover: Mover, prefix_id: str) -> None:

    record = mover.prefixes.status(prefix_id)
    assert prefix_view(record, look(record, 0.0)).keys() == NO_PREFIX.keys()
