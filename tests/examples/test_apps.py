"""Each example moves a film in a real fleet, shows it, and hears of the end."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from standardwebhooks import Webhook
from types_boto3_s3 import S3Client

from tests.examples.apps import App
from tests.examples.conftest import NAMES, SECRET
from tests.process.rig import until
from worker.fleet import Fleet

Start = Callable[[str], App]


def has_heard(app: App, film: str, state: str) -> bool:
    _, films = app.ask("GET", "/films")
    return bool(films.get(film) == state)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_moves_a_film_and_hears_of_the_end(
    start: Start, fleet: Fleet, s3: S3Client, name: str
) -> None:
    bucket, film, gone = fleet.seaweedfs.bucket, f"{name}.mov", f"{name}-gone.mov"
    s3.put_object(Bucket=bucket, Key=f"inbox/{film}", Body=b"a film")
    app = start(name)

    status, started = app.ask("POST", f"/films/{film}")
    _, again = app.ask("POST", f"/films/{film}")
    app.ask("POST", f"/films/{gone}")

    assert (status, again) == (202, started)
    until(partial(has_heard, app, film, "done"), 30)
    until(partial(has_heard, app, gone, "failed"), 30)
    assert s3.get_object(Bucket=bucket, Key=f"archive/{film}")["Body"].read() == b"a film"
    status, record = app.ask("GET", f"/moves/{started['move']}")
    assert (status, record["state"]) == (200, "done")
    assert app.ask("GET", "/moves/unknown")[0] == 404
    assert app.ask("DELETE", f"/moves/{started['move']}")[1]["state"] == "done"
    assert "Traceback" not in app.log


@pytest.mark.parametrize("name", NAMES)
def test_an_example_cancels_a_move_and_hears_of_it(
    start: Start, fleet: Fleet, s3: S3Client, name: str
) -> None:
    film = f"{name}-cancelled.mov"
    s3.put_object(Bucket=fleet.seaweedfs.bucket, Key=f"inbox/{film}", Body=b"a film")
    app = start(name)
    worker = fleet.workers[0]

    worker.pause()
    try:
        _, started = app.ask("POST", f"/films/{film}")
        _, record = app.ask("DELETE", f"/moves/{started['move']}")
    finally:
        worker.resume()

    assert record["state"] == "cancelled"
    until(partial(has_heard, app, film, "cancelled"), 30)


@pytest.mark.parametrize("name", ["fastapi", "flask"])
def test_an_example_believes_no_webhook_that_the_fleet_has_not_signed(
    start: Start, fleet: Fleet, s3: S3Client, name: str
) -> None:
    app = start(name)
    body = json.dumps({"type": "move.done", "data": {}})
    stranger = Webhook("whsec_" + "c3RyYW5nZXI" * 4)
    for secret, minutes in ((stranger, 0), (Webhook(SECRET), -10)):
        now = datetime.fromtimestamp(time.time() + 60 * minutes, UTC)
        headers = {
            "webhook_id": "msg_1",
            "webhook_timestamp": str(int(now.timestamp())),
            "webhook_signature": secret.sign("msg_1", now, body),
        }

        assert app.ask("POST", "/hooks/s3mover", body.encode(), **headers)[0] == 403
    assert app.ask("GET", "/films")[1] == {}
