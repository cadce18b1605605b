"""Debian's Chromium, as the tests and the picture of the page start it."""

import shutil

from playwright.sync_api import Browser, Playwright

# As root there is no sandbox, and it looks nothing up at its maker's.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    return shutil.which("chromium")


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=path(), args=_FLAGS)
