"""Draws `docs/moves-page.png`: `python -m tests.browser.picture`, with a real fleet."""

import re
import threading
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from s3mover.web import create_app
from tests.browser.chromium import launch
from tests.process.rig import PART, Rig
from tests.s3mover.web.serving import serving
from worker.fleet import SeaweedFS

PICTURE = Path(__file__).parents[2] / "docs" / "moves-page.png"
TOKEN = "a-token-that-nobody-guesses"
SIZE = ViewportSize(width=1040, height=880)
PLACE = "s3://s3mover/"

# Slow enough that a picture has something to show.
SETTINGS = {"part_lease": 60, "visibility_timeout": 90, "sweep_grace": 120, "sweep_interval": 60}


def main() -> None:
    """Start a fleet, moves and a browser; then draw."""
    with (
        SeaweedFS() as seaweedfs,
        Rig(seaweedfs, settings=SETTINGS) as rig,
        serving(create_app(rig.mover, tokens=[TOKEN])) as site,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport=SIZE, device_scale_factor=1)
        page.goto(site)
        page.get_by_label("Token").fill(TOKEN)
        page.get_by_role("button", name="Sign in").click()
        go = fill(rig)
        draw(page)
        go.set()
        browser.close()


def fill(rig: Rig) -> threading.Event:
    """Have moves in several states; the slowest one waits for the event."""
    for key, size in {
        "archive-2026/genome.bam": 40 * PART,
        "inbox/report.pdf": 100,
        "inbox/film.mov": 8 * PART,
    }.items():
        rig.s3.put_object(Bucket=rig.bucket, Key=key, Body=bytes(size))
    go = threading.Event()
    slow = rig.gateway.when("UploadPartCopy", key="cold/genome.bam")
    slow.call(lambda: go.wait(0.9))
    stuck = rig.gateway.when("UploadPartCopy", key="cold/genome.bam", part=5, times=2)
    stuck.respond(503, "SlowDown", "Please reduce your request rate.")
    rig.wait(rig.mover.move(f"{PLACE}inbox/report.pdf", f"{PLACE}done/report.pdf"))
    rig.wait(rig.mover.move(f"{PLACE}inbox/none.csv", f"{PLACE}done/none.csv"))
    rig.wait(rig.mover.move(f"{PLACE}inbox/film.mov", f"{PLACE}films/2026/film.mov"))
    rig.mover.move(
        f"{PLACE}archive-2026/genome.bam", f"{PLACE}cold/genome.bam", multipartcopymaxconcurrency=2
    )
    return go


def draw(page: Page) -> None:
    """Wait until the move is half done, and draw."""
    move = page.get_by_role("listitem").filter(has_text="genome.bam")
    expect(move).to_contain_text(re.compile(r"2\d of 40 parts"), timeout=60_000)
    page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
