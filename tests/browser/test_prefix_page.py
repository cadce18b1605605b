"""The pages of moves of prefixes in a real browser, in front of a running fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from s3mover.web import create_app
from tests.browser.test_moves_page import CALM, PATIENCE, TOKEN, faults, shows, sign_in
from tests.process import prefix_goods
from tests.process.rig import Rig
from tests.s3mover.web.serving import serving
from worker.fleet import SeaweedFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with SeaweedFS() as seaweedfs, Rig(seaweedfs, workers=1, settings=CALM) as rig:
        yield rig


@pytest.fixture(scope="module")
def site(rig: Rig) -> Iterator[str]:
    with serving(create_app(rig.mover, tokens=[TOKEN], tick=0.2)) as address:
        yield address


def test_a_move_of_a_prefix_is_followed_and_steered_without_a_reload(
    page: Page, site: str, rig: Rig
) -> None:
    goods = prefix_goods.put(rig, 300)
    refused = rig.gateway.when("CopyObject").respond(403, "AccessDenied")
    refused.where(lambda request: request.key == f"{goods.top}/to/00007.txt")
    slow = rig.gateway.when("CopyObject").delay(0.5)
    slow.where(lambda request: goods.top in request.key)
    sign_in(page, site)

    prefix_id = prefix_goods.move(rig, goods)
    item = page.get_by_role("listitem").filter(has_text=goods.source)
    shows(item, "of 300 objects")
    item.get_by_role("link").click()

    expect(page.get_by_role("heading", name="Move of a prefix")).to_be_visible()
    item = page.locator(f'[data-id="{prefix_id}"]')
    shows(item, "more copied")
    shows(item, "objects/s")
    item.get_by_role("button", name="Pause the move").click()
    shows(item.locator(".badge"), "paused")
    page.get_by_role("button", name="Resume the move").click()
    slow.where(lambda _: False)
    shows(item.locator(".badge"), "failed")
    shows(item, "299 of 300 objects")
    shows(item, "AccessDenied (1), such as 00007.txt")
    expect(item.get_by_role("button", name="Pause")).to_be_hidden()
    assert faults(page) == []

    refused.where(lambda _: False)
    item.get_by_role("button", name="Retry what is left").click()
    shows(page.locator(".prefix .badge"), "done")
    expect(page).not_to_have_url(f"{site}/prefix?id={prefix_id}", timeout=PATIENCE)
    shows(page.locator(".prefix"), "1 of 1 object")


def test_a_narrow_page_does_not_scroll_sideways(page: Page, site: str, rig: Rig) -> None:
    prefix_id = rig.mover.move_prefix(f"s3://{rig.bucket}/{'long' * 60}/", f"s3://{rig.bucket}/to/")
    prefix_goods.wait(rig, prefix_id)
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(page, site)

    for address in (site, f"{site}/prefix?id={prefix_id}"):
        page.goto(address)
        shows(page.locator(f'[data-id="{prefix_id}"]'), "done")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
