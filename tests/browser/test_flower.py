"""The tab Moves of a real Flower in a real Chromium, while a real fleet moves objects."""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection
from threading import Event
from urllib.parse import quote, urlencode, urlsplit

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from s3mover import State
from tests.process.rig import Rig, until
from worker.fleet import SeaweedFS
from worker.fleet.flower import Flower

USER = "anna:secret"
SIGNED_IN = {"Authorization": f"Basic {b64encode(USER.encode()).decode()}"}


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with (
        SeaweedFS() as seaweedfs,
        Rig(seaweedfs, workers=1, threads=8, events=True, beat=False) as rig,
    ):
        yield rig


@pytest.fixture(scope="module")
def flower(rig: Rig) -> Iterator[Flower]:
    """Run the Flower of an operator behind a proxy: a password, and not at the root."""
    options = (f"--basic_auth={USER}", "--url_prefix=flower")
    with Flower(rig.fleet.environment, options=options) as flower:
        yield flower


@pytest.fixture
def moves(flower: Flower, page: Page) -> Page:
    """Open the tab, with the password typed into the address."""
    page.goto(flower.url.replace("://", f"://{USER}@") + "/moves")
    return page


def row(page: Page, move_id: str) -> Locator:
    return page.locator(f'tr[data-move="{move_id}"]')


def request(
    flower: Flower, method: str, path: str, headers: dict[str, str], **form: str
) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(flower.url).netloc, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request(method, flower.prefix + path, urlencode(form), kind | headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def refused(rig: Rig) -> str:
    """Return the id of a move whose third part is refused by the store."""
    goods = rig.put(parts=4)
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=3).respond(403, "AccessDenied")
    move_id = rig.move(goods)
    assert rig.wait(move_id).state is State.FAILED
    return move_id


@pytest.mark.parametrize("path", ["/moves", "/moves/rows", "/moves?q=source"])
def test_without_the_password_nothing_is_shown(rig: Rig, flower: Flower, path: str) -> None:
    rig.wait(rig.move(rig.put()))

    status, body = request(flower, "GET", path, {})

    assert status == 401
    assert "s3://" not in body


def test_a_move_is_followed_from_its_first_part_to_its_end(rig: Rig, moves: Page) -> None:
    goods = rig.put(parts=8)
    seen = Event()
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=8).call(partial(seen.wait, 60))
    rig.gateway.when("UploadPartCopy", key=goods.destination).delay(0.3)
    move_id = rig.move(goods, multipartcopymaxconcurrency=2)

    here = row(moves, move_id)

    expect(here).to_contain_text("7 of 8", timeout=20_000)
    expect(here).to_contain_text("copying")
    expect(here).to_contain_text("B/s")
    expect(here.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "99")
    seen.set()
    expect(here).to_contain_text("done", timeout=15_000)
    expect(here.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")


def test_the_id_of_a_move_leads_to_flowers_page_of_its_task(rig: Rig, moves: Page) -> None:
    move_id = refused(rig)

    row(moves, move_id).get_by_role("link").click(timeout=10_000)

    expect(moves).to_have_url(re.compile(f"/flower/task/{move_id}$"))
    expect(moves.locator("#task-page")).to_contain_text("FAILURE")
    expect(moves.locator("#task-page")).to_contain_text("AccessDenied")


def test_a_failed_move_is_found_by_state_and_by_text_and_says_why(rig: Rig, moves: Page) -> None:
    done, failed = rig.move(rig.put()), refused(rig)
    rig.wait(done)
    expect(row(moves, failed)).to_contain_text("failed", timeout=10_000)

    moves.get_by_role("link", name="Failed").click()

    expect(row(moves, failed)).to_contain_text("part 3: AccessDenied")
    expect(row(moves, done)).to_have_count(0)
    moves.get_by_role("link", name="All", exact=True).click()
    expect(row(moves, done)).to_have_count(1)
    moves.get_by_role("searchbox").fill(done[:13])
    expect(row(moves, failed)).to_have_count(0)
    expect(row(moves, done)).to_have_count(1)
    expect(moves).to_have_url(re.compile(f"q={done[:13]}"))


def test_a_key_is_text_whatever_is_in_it(rig: Rig, flower: Flower, moves: Page) -> None:
    evil = '"><script>document.title="taken"</script><img src=x onerror=alert(1)>'
    place = f"s3://{rig.bucket}/"
    move_id = rig.mover.move(place + evil, place + "elsewhere")
    assert rig.wait(move_id).state is State.FAILED

    moves.goto(f"{flower.url}/moves?q={quote(evil)}")

    expect(row(moves, move_id)).to_contain_text(evil)
    expect(moves.get_by_role("searchbox")).to_have_value(evil)
    assert moves.title() == "Moves · Flower"
    assert moves.locator("#moves img").count() == 0


def test_the_button_cancels_a_move_after_a_question(rig: Rig, moves: Page) -> None:
    goods = rig.put(parts=8)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=1)
    slow.wait_until_hit()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    moves.on("dialog", answer)

    row(moves, move_id).get_by_role("button").click(timeout=10_000)

    expect(row(moves, move_id)).to_contain_text("cancelled", timeout=20_000)
    assert asked == [f"Cancel the move of s3://{goods.bucket}/{goods.source}?"]
    rig.assert_untouched(goods)


def test_no_other_page_can_press_the_button(rig: Rig, flower: Flower) -> None:
    goods = rig.put(parts=4)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    move_id = rig.move(goods, multipartcopymaxconcurrency=1)
    slow.wait_until_hit()

    status, _ = request(flower, "POST", "/moves/cancel", SIGNED_IN, id=move_id)

    assert status == 403
    assert rig.mover.status(move_id).stopping is None
    assert rig.wait(move_id).state is State.DONE


def test_a_flower_that_may_only_read_has_no_button_and_takes_no_cancel(
    rig: Rig, page: Page
) -> None:
    """Without a password, too, which is how Flower lets everybody in."""
    goods = rig.put(parts=4)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination).delay(1)
    with Flower(rig.fleet.environment, options=("--read_only=true",)) as flower:
        move_id = rig.move(goods, multipartcopymaxconcurrency=1)
        slow.wait_until_hit()
        page.goto(f"{flower.url}/moves")
        token = {c["name"]: c["value"] for c in page.context.cookies()}["_xsrf"]
        sent = {"Cookie": f"_xsrf={token}", "X-XSRFToken": token}

        expect(row(page, move_id)).to_have_count(1)
        assert page.get_by_role("button", name="Cancel").count() == 0
        assert request(flower, "POST", "/moves/cancel", sent, id=move_id)[0] == 403
        page.goto("about:blank")  # it would miss its Flower
    assert rig.wait(move_id).state is State.DONE


def test_the_tab_is_beside_flowers_own(moves: Page) -> None:
    tabs = moves.get_by_label("Primary navigation").locator(".app-nav").first.get_by_role("link")

    expect(tabs).to_have_text(["Workers", "Tasks", "Broker", "Moves"])
    expect(tabs.last).to_have_attribute("aria-current", "page")
    tabs.nth(1).click()
    expect(moves).to_have_url(re.compile("/flower/tasks$"))
    expect(moves.locator("#tasks-table")).to_contain_text("verified by", timeout=10_000)


def test_flowers_metrics_have_those_of_the_moves(rig: Rig, flower: Flower) -> None:
    rig.wait(rig.move(rig.put()))

    _, body = request(flower, "GET", "/metrics", {})

    assert "s3mover_up 1.0" in body
    assert 's3mover_moves_finished_total{state="done"}' in body
    assert "flower_events_total" in body


def test_the_tab_says_that_redis_is_away(rig: Rig, flower: Flower) -> None:
    rig.fleet.valkey.pause()
    try:
        until(lambda: request(flower, "GET", "/moves/rows", SIGNED_IN)[0] == 503)
        _, body = request(flower, "GET", "/moves", SIGNED_IN)
    finally:
        rig.fleet.valkey.resume()

    assert "Redis, which has the moves, is not available." in body
    assert str(rig.fleet.valkey.port) not in body
