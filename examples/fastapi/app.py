"""Archives films with s3mover, and hears of the end by a signed webhook; see ../README.md."""

import os
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.concurrency import run_in_threadpool

from s3mover import BrokerUnavailable, Mover, MoveRecord, UnknownMove

BUCKET = os.environ["BUCKET"]
HOOK_URL = os.environ["HOOK_URL"]

app = FastAPI()
mover = Mover(os.environ["S3MOVER_BROKER_URL"])
# Of several secrets, separated by commas, the first is the newest.
webhook = Webhook(os.environ["S3MOVER_WEBHOOK_SECRET"].split(",")[0])
films: dict[str, str] = {}  # your database


# `def`, not `async def`: the client waits for Redis, and FastAPI runs these in threads.
@app.post("/films/{name}", status_code=202)
def archive(name: str) -> dict[str, str]:
    """Start a move; a second click starts no second one."""
    try:
        move = mover.move(
            f"s3://{BUCKET}/inbox/{name}",
            f"s3://{BUCKET}/archive/{name}",
            idempotency_key=f"archive {name}",
            webhook=HOOK_URL,
        )
    except BrokerUnavailable:
        raise HTTPException(503, "try again in a moment") from None
    return {"move": move}


@app.get("/moves/{move}")
def show(move: str) -> MoveRecord:
    try:
        return mover.status(move)
    except UnknownMove:
        raise HTTPException(404) from None


@app.delete("/moves/{move}")
def cancel(move: str) -> MoveRecord:
    try:
        return mover.cancel(move)
    except UnknownMove:
        raise HTTPException(404) from None


@app.get("/films")
def ended() -> dict[str, str]:
    return films


@app.post("/hooks/s3mover", status_code=204)
async def hear(request: Request, webhook_id: Annotated[str, Header()]) -> None:
    """Take note of the end of a move; it may be told more than once, with the same webhook-id."""
    body = await request.body()
    try:
        event: Any = webhook.verify(body, dict(request.headers))
    except WebhookVerificationError:
        raise HTTPException(403) from None
    await run_in_threadpool(note, webhook_id, MoveRecord.model_validate(event["data"]))


def note(_webhook_id: str, record: MoveRecord) -> None:
    """Do it so that a repetition changes nothing: here, by writing the same again."""
    films[record.source.rpartition("/")[2]] = record.state
