"""The examples of `docs/http.md`, run as they stand there."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s3mover import Mover
from tests.s3mover.web.browsing import TOKEN, routes
from tests.s3mover.web.serving import serving

if TYPE_CHECKING:
    from fastapi import FastAPI

PAGE = Path(__file__).parents[3].joinpath("docs", "http.md").read_text()
SHELL = [block.strip() for block in re.findall("```sh\n(.*?)```", PAGE, re.DOTALL)]
PICTURE = Path(__file__).parents[3] / "docs" / "moves-page.png"

Run = Callable[..., str]


@pytest.fixture
def run(app: Starlette) -> Iterator[Run]:
    """Run a command of the page against the application."""
    bash = shutil.which("bash")
    if bash is None or shutil.which("curl") is None:
        if "CI" in os.environ:
            pytest.fail("the gate has bash and curl")
        pytest.skip("the examples need bash and curl")
    with serving(app) as address:

        def run(command: str, **variables: str) -> str:
            environment = {**os.environ, "U": address, "T": TOKEN, **variables}
            return subprocess.run(  # noqa: S603  # our own page
                [bash, "-c", command],
                env=environment, check=True, capture_output=True, text=True, timeout=60,
            ).stdout  # fmt: skip

        yield run


def test_the_commands_do_what_the_page_says(run: Run, mover: Mover) -> None:
    start, others = SHELL
    answer = run(start)
    show, search, events, cancel = others.splitlines()

    assert answer.startswith("HTTP/1.1 202")
    location = re.search(r"(?im)^location: /moves/(\S+)", answer)
    assert location
    move_id = location[1]
    assert mover.status(move_id).source == "s3://bucket/a"
    assert json.loads(run(show, ID=move_id))["state"] == "queued"
    assert [move["id"] for move in json.loads(run(search))["moves"]] == [move_id]
    assert json.loads(run(cancel, ID=move_id))["state"] == "cancelled"
    assert '"state":"cancelled"' in run(events, ID=move_id)


def test_the_python_of_the_page_mounts_the_application() -> None:
    (code,) = re.findall("```python\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, FastAPI] = {}

    exec(code, found)  # noqa: S102  # our own page

    assert TestClient(found["app"]).get("/moves/healthz").text == "ok\n"


def test_the_page_names_every_route_of_the_api(app: Starlette) -> None:
    pages = {"/", "/prefix", "/live", "/prefix-live", "/start", "/cancel", "/steer"}
    apart = pages | {"/login", "/logout", "/static/{name}"}

    assert not [
        path for method, path in routes(app)
        if path not in apart and f"`{method} {path}`" not in PAGE
    ]  # fmt: skip


def test_the_picture_is_there_and_small() -> None:
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
    assert PICTURE.stat().st_size <= 150_000
