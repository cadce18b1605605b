"""Which callbacks a deployment allows: queues and hosts that its operator has named."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from driver import Permanent
from tasks.addresses import trouble

if TYPE_CHECKING:
    from collections.abc import Collection

    from config import Settings
    from s3mover import MoveRequest, PrefixRequest

_PORTS = {"http": 80, "https": 443}


class CallbackRefused(Permanent):
    """The move's callback may not be made, whatever is tried."""

    driver_name = ""


def check(settings: Settings, request: MoveRequest | PrefixRequest) -> None:
    """Raise CallbackRefused, with what to set, before anything is moved."""
    if request.on_end is not None:
        check_queue(settings, request.on_end["queue"])
    if request.webhook is not None:
        check_url(settings, request.webhook)


def check_queue(settings: Settings, queue: str) -> None:
    if queue not in settings.callback_queues:
        allowed = _named(settings.callback_queues)
        msg = f"on_end may not go to the queue {queue}: S3MOVER_CALLBACK_QUEUES allows {allowed}"
        raise CallbackRefused(msg)


def check_url(settings: Settings, url: str) -> None:
    """Look at the host's name; its addresses are looked at when it is called."""
    host, port = host_of(url)
    shown = f"[{host}]" if ":" in host else host
    names = {f"{shown}:{port}"}
    if port == _PORTS[urlsplit(url).scheme]:
        names.add(shown)
    if not names & settings.webhook_hosts:
        allowed = _named(settings.webhook_hosts)
        msg = f"a webhook may not go to {shown}:{port}: S3MOVER_WEBHOOK_HOSTS allows {allowed}"
        raise CallbackRefused(msg)
    if not settings.webhook_secret.get_secret_value():
        raise CallbackRefused("a webhook is signed: set S3MOVER_WEBHOOK_SECRET to whsec_…")
    try:
        ip_address(host)
    except ValueError:
        return
    check_address(settings, host, host)


def check_address(settings: Settings, host: str, address: str) -> None:
    """Refuse an address that nobody outside of this network has."""
    private = settings.webhook_private
    if why := trouble(address, private=private):
        advice = "" if private else " (S3MOVER_WEBHOOK_PRIVATE=true allows private ones)"
        raise CallbackRefused(f"a webhook may not go to {host}, {why}{advice}")


def host_of(url: str) -> tuple[str, int]:
    """Return host, in lower case and without brackets, and port of a URL."""
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or _PORTS[parts.scheme]


def _named(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"
