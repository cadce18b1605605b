"""The moves page in a real browser, in front of a running fleet."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ViewportSize, expect

from s3mover.web import create_app
from tests.process.rig import Rig
from tests.s3mover.web.serving import serving
from worker.fleet import SeaweedFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from tests.process.rig import Goods

TOKEN = "a-token-that-nobody-guesses"
PATIENCE = 30_000
HOSTILE = "s3://s3mover/<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

# Parts are held back for as long as a test looks at the page: no lease may run out meanwhile.
CALM = {"part_lease": 60, "visibility_timeout": 90, "sweep_grace": 120, "sweep_interval": 60}


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with SeaweedFS() as seaweedfs, Rig(seaweedfs, workers=1, settings=CALM) as rig:
        yield rig


@pytest.fixture(scope="module")
def site(rig: Rig) -> Iterator[str]:
    with serving(create_app(rig.mover, tokens=[TOKEN], tick=0.2)) as address:
        yield address


def sign_in(page: Page, site: str) -> None:
    page.set_default_timeout(PATIENCE)
    page.goto(site)
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Start a move")).to_be_visible()


def start(page: Page, goods: Goods) -> Locator:
    """Start a move by the form; returns its entry in the list."""
    page.get_by_label("From").fill(f"s3://{goods.bucket}/{goods.source}")
    page.get_by_label("To", exact=True).fill(f"s3://{goods.bucket}/{goods.destination}")
    page.get_by_role("button", name="Start").click()
    return entry(page, goods)


def entry(page: Page, goods: Goods) -> Locator:
    return page.get_by_role("listitem").filter(has_text=goods.source)


def shows(place: Locator, text: str) -> None:
    expect(place).to_contain_text(text, timeout=PATIENCE)


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong with a page."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@contextmanager
def held(rig: Rig, goods: Goods, part: int) -> Iterator[threading.Event]:
    """Hold a part back until the event is set."""
    go = threading.Event()
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=part).call(lambda: go.wait(50))
    try:
        yield go
    finally:
        go.set()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """Open a page without scripts."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Open a page on a phone that is set to dark."""
    size = ViewportSize(width=360, height=740)
    with browser.new_context(viewport=size, color_scheme="dark", is_mobile=True) as context:
        yield context.new_page()


def test_a_person_signs_in_starts_a_move_and_sees_it_end(rig: Rig, site: str, page: Page) -> None:
    goods = rig.put(parts=4)
    sign_in(page, site)

    with held(rig, goods, part=4):
        move = start(page, goods)
        shows(move, "copying")
        shows(move, "3 of 4 parts")
        assert int(move.get_by_role("progressbar").get_attribute("value") or 0) > 90
        chart = page.get_by_role("img", name="Throughput")
        expect(chart).to_be_visible(timeout=PATIENCE)

    shows(move, "done")
    shows(move, "verified by")
    expect(move.get_by_role("button", name="Cancel")).to_be_hidden()
    (record,) = rig.mover.list(text=goods.source)
    rig.assert_moved(goods, record)


def test_a_person_cancels_a_move_and_sees_it_end(rig: Rig, site: str, page: Page) -> None:
    goods = rig.put(parts=3)
    sign_in(page, site)

    with held(rig, goods, part=2):
        move = start(page, goods)
        shows(move, "2 of 3 parts")
        move.get_by_role("button", name="Cancel").click()
        shows(move, "cancelling")

    shows(move, "cancelled")
    rig.assert_untouched(goods)


def test_a_move_that_others_start_appears_by_itself_and_the_focus_stays(
    rig: Rig, site: str, page: Page
) -> None:
    sign_in(page, site)
    field = page.get_by_label("From")
    field.fill("s3://half/typ")

    goods = rig.put()
    rig.wait(rig.move(goods))

    shows(entry(page, goods), "done")
    expect(field).to_be_focused()
    expect(field).to_have_value("s3://half/typ")


def test_why_a_move_failed_is_shown_and_markup_in_a_key_is_text(
    rig: Rig, site: str, page: Page
) -> None:
    sign_in(page, site)

    record = rig.wait(rig.mover.move(HOSTILE, "/b"))

    move = page.get_by_role("listitem").filter(has_text=record.id)
    shows(move, HOSTILE)
    assert record.error is not None
    shows(move, record.error.code)
    assert page.locator("main img, main script").count() == 0


def test_moves_are_found_by_their_text_and_state(rig: Rig, site: str, page: Page) -> None:
    one, other = rig.put(), rig.put()
    for goods in (one, other):
        rig.wait(rig.move(goods))
    sign_in(page, site)
    expect(entry(page, one)).to_be_visible()

    page.get_by_label("Search").fill(other.source.upper())
    page.get_by_label("State").select_option("done")
    page.get_by_role("button", name="Search").click()

    expect(entry(page, other)).to_be_visible()
    expect(entry(page, one)).to_have_count(0)
    page.get_by_label("State").select_option("failed")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No moves.")).to_be_visible()


def test_without_scripts_moves_are_read_started_and_cancelled(
    rig: Rig, site: str, plain: Page
) -> None:
    goods = rig.put(parts=3)
    sign_in(plain, site)

    with held(rig, goods, part=2) as go:
        move = start(plain, goods)
        expect(move).to_be_visible()
        move.get_by_role("button", name="Cancel").click()
        go.set()
        rig.wait(rig.mover.list(text=goods.source)[0].id)

    plain.reload()
    shows(entry(plain, goods), "cancelled")
    rig.assert_untouched(goods)
    plain.get_by_role("button", name="Sign out").click()
    expect(plain.get_by_label("Token")).to_be_visible()


def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    rig: Rig, site: str, phone: Page
) -> None:
    rig.wait(rig.mover.move("s3://s3mover/" + "long" * 100, "s3://s3mover/" + "b" * 300))
    sign_in(phone, site)
    expect(phone.get_by_text("long" * 100).first).to_be_visible()

    width = phone.evaluate("() => document.documentElement.scrollWidth")

    assert width <= 360
    for button in phone.get_by_role("button").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 40


def test_nobody_is_shut_out(rig: Rig, site: str, phone: Page) -> None:
    """Check the page by axe, in light and in dark, with moves in several states."""
    phone.goto(site)
    assert faults(phone) == []
    goods = rig.put(parts=3)
    rig.wait(rig.mover.move(HOSTILE, "/b"))
    sign_in(phone, site)

    with held(rig, goods, part=2):
        move = start(phone, goods)
        shows(move, "2 of 3 parts")
        expect(phone.get_by_role("img", name="Throughput")).to_be_visible(timeout=PATIENCE)
        assert faults(phone) == []

    phone.set_viewport_size({"width": 1200, "height": 900})
    phone.emulate_media(color_scheme="light")
    shows(move, "done")
    assert faults(phone) == []
