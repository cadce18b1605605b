"""The page as HTML: what a browser without scripts sees and can do."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s3mover import Mover
from tests.s3mover.records import COPYING, DONE, FAILED, Write
from tests.s3mover.web.browsing import MOVE, sign_in

HOSTILE = "s3://bucket/<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;${id}"


class Elements(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attrs for name, attrs in self.tags if name == tag)


def fields(browser: TestClient, **more: str) -> dict[str, str]:
    """Return the hidden fields of the form that starts a move, and others."""
    hidden = re.findall('type="hidden" name="(.*?)" value="(.*?)"', browser.get("/").text)
    return {**dict(hidden[::-1]), **more}


def test_a_key_may_hold_any_markup(browser: TestClient, mover: Mover, write: Write) -> None:
    move_id = mover.move(HOSTILE, HOSTILE)
    write(move_id, **FAILED | {"error": {"code": "<b>", "message": "<script>", "part": 3}})

    page = Elements(browser.get("/").text)
    plain = Elements(browser.get("/", params={"q": HOSTILE, "limit": 200}).text)

    assert page.text.count(HOSTILE) == 2
    assert "part 3: <b>: <script>" in page.text
    assert [attrs.get("src") for attrs in page.of("script")] == ["static/page.js"]
    assert [attrs.get("src") for attrs in page.of("img")] == ["static/icon.svg"]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert HOSTILE in {attrs.get("value") for attrs in plain.of("input")}


def test_what_was_typed_is_shown_as_it_was(browser: TestClient) -> None:
    answer = browser.post("/start", data=fields(browser, source=HOSTILE, destination="<b>"))

    page = Elements(answer.text)
    assert answer.status_code == 422
    assert {HOSTILE, "<b>"} <= {attrs.get("value") for attrs in page.of("input")}
    assert "destination: expected s3://bucket/key" in page.text
    assert not list(page.of("b"))


def test_control_characters_of_a_key_are_spelled_out(browser: TestClient, mover: Mover) -> None:
    mover.move("s3://bucket/a\n\x00\u202eb", "/b")

    assert r"s3://bucket/a\n\x00\u202eb" in browser.get("/").text


def test_nothing_of_the_page_comes_from_elsewhere(browser: TestClient, mover: Mover) -> None:
    mover.move(**MOVE)
    page = Elements(browser.get("/").text)

    linked = [a[n] for _, a in page.tags for n in ("src", "href", "action", "style") if n in a]
    assert linked
    assert not [each for each in linked if "//" in (each or "") or (each or "").startswith("/")]
    for name in ("page.css", "page.js"):
        text = files("s3mover.web").joinpath("static", name).read_text()
        assert not re.search(r"https?:|url\(|@import|innerHTML|eval|style=", text)


def test_a_move_is_started_from_the_form(browser: TestClient, mover: Mover) -> None:
    asked = fields(browser, **MOVE, overwrite="never")

    answer = browser.post("/start?q=bucket", data=asked)

    (record,) = mover.list()
    assert answer.status_code == 303
    assert answer.headers["location"] == f"./?q=bucket#m-{record.id}"
    assert (record.source, record.destination) == (MOVE["source"], MOVE["destination"])
    assert f'id="m-{record.id}"' in browser.get("/").text


def test_two_clicks_are_one_move_and_two_forms_are_two(browser: TestClient, mover: Mover) -> None:
    form = fields(browser, **MOVE)
    for _ in range(2):
        assert browser.post("/start", data=form).status_code == 303
    assert len(mover.list()) == 1

    browser.post("/start", data=fields(browser, **MOVE))
    assert len(mover.list()) == 2


def test_a_move_is_cancelled_by_its_button(browser: TestClient, mover: Mover) -> None:
    move_id = mover.move(**MOVE)

    answer = browser.post("/cancel", data=fields(browser, id=move_id))

    assert answer.headers["location"] == f"./#m-{move_id}"
    assert mover.status(move_id).state == "cancelled"


def test_it_says_why_a_move_cannot_be_cancelled(
    browser: TestClient, mover: Mover, write: Write
) -> None:
    move_id = mover.move(**MOVE)
    write(move_id, **DONE)

    late = browser.post("/cancel", data=fields(browser, id=move_id))
    none = browser.post("/cancel", data=fields(browser, id="none"))

    assert (late.status_code, none.status_code) == (409, 404)
    assert "the move has ended: done" in late.text
    assert "no move none" in none.text


def test_only_a_move_that_can_be_cancelled_has_a_button(
    browser: TestClient, mover: Mover, write: Write
) -> None:
    done, copying, stopping = (mover.move(**MOVE) for _ in range(3))
    write(done, **DONE)
    write(copying, **COPYING)
    write(stopping, **COPYING, stop="cancelled")
    page = browser.get("/").text

    shown = re.findall(
        'action="cancel"><input.*?><input type="hidden" name="id" value="(.*?)"', page
    )
    assert shown == [copying]


def test_a_move_is_shown_with_all_that_is_known(
    browser: TestClient, mover: Mover, write: Write, redis: Any
) -> None:
    move_id = mover.move(**MOVE)
    troubles = '[{"code": "SlowDown", "message": "reduce it", "part": 2}]'
    redis.setbit(f"s3mover:done:{move_id}", 1, 1)
    write(
        move_id,
        **COPYING
        | {"troubles": troubles, "retries": 4, "started": 1_790_000_000, "updated": 1_790_000_010},
    )

    text = browser.get("/").text

    for fact in (
        "5.0 MiB of 12.0 MiB", "512.0 KiB/s", "14.0 s left", "1 of 3 parts", "4 retries",
        "part 2: SlowDown: reduce it", 'max="100" value="41"',
    ):  # fmt: skip
        assert fact in text


def test_the_page_can_be_searched(browser: TestClient, mover: Mover) -> None:
    mover.move("/in/one", "/out")
    mover.move("/in/two", "/out")

    found = browser.get("/", params={"q": "two", "state": "", "limit": "200"}).text

    assert "/in/two" in found
    assert "/in/one" not in found
    assert 'action="start?limit=200&amp;q=two"' in found


def test_the_page_without_redis_says_so(away: Starlette) -> None:
    browser = sign_in(away)

    answer = browser.get("/")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Redis is not available" in answer.text


@pytest.mark.parametrize("path", ["/login", "/"])
def test_every_field_has_a_label_and_every_id_is_one(browser: TestClient, path: str) -> None:
    page = Elements(browser.get(path).text)

    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    labelled = {attrs.get("for") for attrs in page.of("label")}
    assert len(ids) == len(set(ids))
    assert {
        attrs["id"] for name in ("input", "select") for attrs in page.of(name) if "id" in attrs
    } <= labelled
