"""Archives films with s3mover, and hears of the end by a signed webhook; see ../README.md."""

import os
from http import HTTPStatus

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from standardwebhooks import Webhook, WebhookVerificationError

from s3mover import BrokerUnavailable, Mover, MoveRecord, UnknownMove

BUCKET = os.environ["BUCKET"]
HOOK_URL = os.environ["HOOK_URL"]

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1 << 20
mover = Mover(os.environ["S3MOVER_BROKER_URL"])
# Of several secrets, separated by commas, the first is the newest.
webhook = Webhook(os.environ["S3MOVER_WEBHOOK_SECRET"].split(",")[0])
films: dict[str, str] = {}  # your database


@app.post("/films/<name>")
def archive(name: str) -> ResponseReturnValue:
    """Start a move; a second click starts no second one."""
    move = mover.move(
        f"s3://{BUCKET}/inbox/{name}",
        f"s3://{BUCKET}/archive/{name}",
        idempotency_key=f"archive {name}",
        webhook=HOOK_URL,
    )
    return {"move": move}, HTTPStatus.ACCEPTED


@app.get("/moves/<move>")
def show(move: str) -> ResponseReturnValue:
    return mover.status(move).model_dump(mode="json")


@app.delete("/moves/<move>")
def cancel(move: str) -> ResponseReturnValue:
    return mover.cancel(move).model_dump(mode="json")


@app.get("/films")
def ended() -> ResponseReturnValue:
    return films


@app.post("/hooks/s3mover")
def hear() -> ResponseReturnValue:
    """
    Take note of the end of a move.

    It may be told more than once, with the same webhook-id: a repetition has to change nothing.
    """
    try:
        event = webhook.verify(request.get_data(), dict(request.headers))
    except WebhookVerificationError:
        abort(HTTPStatus.FORBIDDEN)
    record = MoveRecord.model_validate(event["data"])
    films[record.source.rpartition("/")[2]] = record.state
    return "", HTTPStatus.NO_CONTENT


@app.errorhandler(UnknownMove)
def unknown(_: UnknownMove) -> ResponseReturnValue:
    return {"error": "no such move"}, HTTPStatus.NOT_FOUND


@app.errorhandler(BrokerUnavailable)
def unavailable(_: BrokerUnavailable) -> ResponseReturnValue:
    return {"error": "try again in a moment"}, HTTPStatus.SERVICE_UNAVAILABLE
