"""The primary that Sentinels know: asked for again whenever a connection is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelManagedConnection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redis import Redis

    from s3mover.broker import Broker


class PrimaryConnection(SentinelManagedConnection):
    """
    A connection that asks the Sentinels before it goes back.

    redis-py's own asks them for a new connection only: a command that is tried again goes back to
    the server that has died, until its tries are used up (8.1, `send_packed_command`, 2026-11).
    """

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:  # noqa: FBT001, FBT002  # redis-py's signature
        if not self._sock:
            self._connect_retry()  # type: ignore[no-untyped-call]
        super().send_packed_command(command, check_health)  # type: ignore[no-untyped-call]


def primary(broker: Broker, **options: Any) -> Redis:
    """Return a pool of connections to the primary, whichever server that is."""
    patience = {name: value for name, value in options.items() if name.startswith("socket_")}
    manager: Any = Sentinel(broker.sentinels, sentinel_kwargs=_asking(broker, patience))  # type: ignore[no-untyped-call]
    client: Redis = manager.master_for(
        broker.master_name,
        connection_class=PrimaryConnection,
        db=broker.database,
        **broker.login,
        **options,
    )
    return client


def transport_options(broker: Broker, patience: Mapping[str, float]) -> dict[str, Any]:
    """Return what kombu and Celery need besides the URL; nothing for one server."""
    if not broker.sentinels:
        return {}
    return {
        "master_name": broker.master_name,
        "sentinels": broker.sentinels,
        "sentinel_kwargs": _asking(broker, patience),
    }


def _asking(broker: Broker, patience: Mapping[str, float]) -> dict[str, Any]:
    # Each once: there are others.
    return {**patience, **broker.sentinel_login, "retry": Retry(NoBackoff(), 0)}
