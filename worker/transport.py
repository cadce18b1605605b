"""
kombu's Redis transport, guarded: Redis may go away while messages are unacknowledged.

With kombu 5.7.0 such a worker exits with "'NoneType' object has no attribute 'hostname'": closing
the channel restores its messages through a connection that is gone already (kombu/transport/
redis.py `_connparams`, read 2026-11). The messages are in Redis' `unacked` hash anyway, and come
back when their visibility ends. Remove this once kombu does it: a test kills Redis under load.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from kombu.transport import redis, virtual
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.sentinel import Sentinel

from s3mover.sentinels import PrimaryConnection
from worker.taking import TakingChannel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis import ConnectionPool, Redis

log = logging.getLogger(__name__)


class QoS(redis.QoS):
    """Acknowledgements that fail as what they are: a lost connection."""

    channel: TakingChannel

    def restore_unacked_once(self, stderr: Any = None) -> None:
        try:
            super().restore_unacked_once(stderr)
        except (AttributeError, RedisError, OSError) as error:
            log.warning(
                "unacknowledged messages stay in Redis until their visibility ends: %s", error
            )

    def append(self, message: Any, delivery_tag: str) -> None:
        if self.channel.was_recorded(delivery_tag):
            virtual.QoS.append(self, message, delivery_tag)
        else:
            super().append(message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        try:
            self.channel.acknowledge(delivery_tag)
        except AttributeError as error:
            raise RedisConnectionError("the channel lost its connection") from error
        virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002  # kombu's signature
        try:
            super().reject(delivery_tag, requeue)
        except AttributeError as error:
            raise RedisConnectionError("the channel lost its connection") from error


class Poller(redis.MultiChannelPoller):
    """Has each tick of the event loop end with all acknowledgements on their way."""

    _channels: set[TakingChannel]

    def on_poll_start(self) -> None:
        super().on_poll_start()
        for channel in self._channels:
            try:
                channel.tick()
            except AttributeError as error:
                raise RedisConnectionError("the channel lost its connection") from error


class _Guarded(TakingChannel):
    """A channel that can be closed without a connection, and keeps its client."""

    QoS = QoS
    _kept: tuple[object, Redis] | None = None

    def close(self) -> None:
        try:
            super().close()
        except (AttributeError, RedisError, OSError) as error:
            self.closed = True
            log.warning("channel closed without its connection: %s", error)

    def _create_client(self, asynchronous: bool = False) -> Redis:  # noqa: FBT001, FBT002  # kombu's signature
        # kombu makes a client for each delivery and acknowledgement: a third of what they cost.
        pool = None if asynchronous else self.pool
        if pool is None or self._kept is None or self._kept[0] is not pool:
            client: Redis = super()._create_client(asynchronous)  # type: ignore[misc]  # the stubs lack it
            if pool is None:
                return client
            self._kept = (pool, client)
        return self._kept[1]


class Channel(_Guarded):
    """A channel of one server."""


class SentinelChannel(_Guarded, redis.SentinelChannel):
    """
    A channel of the primary that Sentinels know.

    They come as an option. kombu has them as alternatives of the URL, to which it switches when a
    connection is lost: to its own transport, and with passwords that it shows (5.7, 2026-11).
    """

    from_transport_options = (*redis.SentinelChannel.from_transport_options, "sentinels")
    connection_class = PrimaryConnection
    sentinels: Sequence[tuple[str, int]]
    sentinel_kwargs: dict[str, Any]
    master_name: str

    def _sentinel_managed_pool(self, asynchronous: bool = False) -> ConnectionPool:  # noqa: FBT001, FBT002  # kombu's signature
        options = self._connparams(asynchronous)  # type: ignore[attr-defined]  # the stubs lack it
        for name in ("host", "port"):
            options.pop(name, None)
        manager: Any = Sentinel(self.sentinels, sentinel_kwargs=self.sentinel_kwargs)  # type: ignore[no-untyped-call]
        # Where kombu looks for what it has to disconnect in the end.
        setattr(self, "_async_sentinel_manager" if asynchronous else "_sentinel_manager", manager)
        primary: Redis = manager.master_for(self.master_name, **options)
        return primary.connection_pool


class _Ticking(redis.Transport):
    """A transport that knows whether an event loop asks it for messages, again and again."""

    is_ticking = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.cycle = Poller()

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        super().register_with_event_loop(connection, loop)
        self.is_ticking = True


class Transport(_Ticking):
    """The transport of `redis://` and `rediss://` brokers."""

    Channel = Channel


class SentinelTransport(_Ticking, redis.SentinelTransport):
    """The transport of `sentinel://` brokers."""

    Channel = SentinelChannel
