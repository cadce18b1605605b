"""The collector that prometheus-client asks at each scrape."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client.registry import Collector
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from s3mover import journal
from s3mover.metrics import families, snapshot
from s3mover.metrics.limited import Limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric as Family

    from s3mover.metrics.snapshot import Snapshot

log = logging.getLogger(__name__)

# Seconds. One more try is for a connection that a restart of Redis has broken.
_SOCKET, _ALL = 0.7, 1.8


class MovesCollector(Collector):
    """
    The figures of all moves, as the journal has them when it is asked.

    Without an answer of Redis there is `s3mover_up 0` and nothing else, after 2 seconds at most.
    A Redis that is given has to decode its responses.
    """

    def __init__(self, broker: str | Redis) -> None:
        redis = broker if isinstance(broker, Redis) else _connect(broker)
        self._take: Limited[Snapshot] = Limited(partial(snapshot.take, redis), _ALL)

    def describe(self) -> Iterator[Family]:
        """Name the families, without asking Redis: so nothing waits when this is registered."""
        return families.described()

    def collect(self) -> Iterator[Family]:
        return families.filled(self._taken())

    def _taken(self) -> Snapshot | None:
        try:
            return self._take()
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("no metrics of the moves: %s", error or type(error).__name__)
            return None


def _connect(url: str) -> Redis:
    return journal.connect(
        url,
        socket_connect_timeout=_SOCKET,
        socket_timeout=_SOCKET,
        retry=Retry(NoBackoff(), 1),
    )
