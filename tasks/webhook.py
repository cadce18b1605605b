"""Telling a web app by HTTP that a move has ended, as Standard Webhooks has it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from config.callbacks import split_secrets
from s3mover import PrefixRecord
from s3mover.callbacks import webhook_id
from tasks import pinned, receivers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from config import Settings
    from s3mover import MoveRecord

_GONE = 410
_GOOD = range(200, 300)
_REDIRECTS = range(300, 400)
_LONGEST = 200


class NotDelivered(Exception):
    """The receiver was not reached, or did not take it: it may later."""


class ReceiverGone(Exception):
    """The receiver wants no more of it."""


def send(settings: Settings, url: str, record: MoveRecord | PrefixRecord) -> str:
    """
    Call a URL and return what to say of it.

    Raises NotDelivered, or ReceiverGone or CallbackRefused when no other try would help.
    """
    receivers.check_url(settings, url)
    body = payload(record)
    headers = signed(settings, webhook_id(record.id), body)
    host, _ = receivers.host_of(url)
    try:
        status = _post(settings, url, body.encode(), headers)
    except (OSError, HTTPException, ValueError) as error:
        text = str(error)[:_LONGEST] or type(error).__name__
        raise NotDelivered(f"{host}: {ascii(text)[1:-1]}") from None
    if status in _GOOD:
        return "sent"
    if status == _GONE:
        raise ReceiverGone(f"{host} answered 410, it wants no more")
    hint = ", and redirects are not followed" if status in _REDIRECTS else ""
    raise NotDelivered(f"{host} answered {status}{hint}")


def payload(record: MoveRecord | PrefixRecord) -> str:
    """Return the body; it is the same at each try."""
    ended = record.finished_at or record.updated_at
    body = {
        "type": f"{'prefix' if isinstance(record, PrefixRecord) else 'move'}.{record.state}",
        "timestamp": ended.isoformat(),
        "data": final(record),
    }
    return json.dumps(body)


def final(record: MoveRecord | PrefixRecord) -> dict[str, Any]:
    """Return the record as JSON, without what becomes of its callbacks."""
    return record.model_dump(mode="json", exclude={"callbacks"})


def signed(settings: Settings, message_id: str, body: str) -> Mapping[str, str]:
    """Return the headers of Standard Webhooks, with a signature by each secret."""
    now = datetime.now(UTC)
    secrets = split_secrets(settings.webhook_secret.get_secret_value())
    return {
        "Content-Type": "application/json",
        "User-Agent": "s3mover",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Webhook(each).sign(message_id, now, body) for each in secrets
        ),
    }


def _post(settings: Settings, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    host, port = receivers.host_of(url)
    addresses = pinned.resolve(host, port)
    for address in addresses:  # one that is private among others is a trick, or a mistake
        receivers.check_address(settings, host, address)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = pinned.Connection(host, port, addresses, tls=parts.scheme == "https")
    return pinned.post(connection, target, body, headers)
