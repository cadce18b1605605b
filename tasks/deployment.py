"""What one worker process holds: settings, the S3 client and the journal's connection."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from redis.backoff import ExponentialBackoff
from redis.retry import Retry

import config
import driver
from s3mover import journal
from s3mover.broker import read_broker
from tasks.leases import Keeper

if TYPE_CHECKING:
    from redis import Redis
    from types_boto3_s3 import S3Client

    from config import Settings


_CONNECTIONS = 2  # to S3, a thread of a task: some requests are made two at a time


@dataclass(frozen=True)
class Deployment:
    """The ends of a worker: all state that matters is in Redis and S3."""

    settings: Settings
    s3: S3Client
    redis: Redis
    keeper: Keeper


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read this process' settings, once; a bad one ends the process with a line a fault."""
    return config.load_or_exit()


_building = Lock()


def current() -> Deployment:
    """Return this process' deployment; built at the first task, so after any fork."""
    with _building:
        return _build()


@lru_cache(maxsize=1)
def _build() -> Deployment:
    own = settings()
    redis = connect(own)
    s3 = driver.make_client(
        own.s3,
        _CONNECTIONS * own.concurrency,
        owners=own.bucket_owners,
        customer_keys=own.customer_keys,
        request_path=own.request_path,
    )
    driver.hand_throttles_on(s3)
    return Deployment(
        settings=own,
        s3=s3,
        redis=redis,
        keeper=Keeper(redis, own.part_lease),
    )


def connect(settings: Settings) -> Redis:
    """
    Return the journal's connection pool.

    Every script is safe to repeat, so a restart of Redis is bridged for about ten seconds, and with
    Sentinel a failover for about forty: by default it begins when the primary was dead for thirty.
    """
    url = settings.broker_url.get_secret_value()
    tries = 25 if read_broker(url).sentinels else 8
    return journal.connect(
        url,
        socket_connect_timeout=5,
        socket_timeout=30,
        retry=Retry(ExponentialBackoff(cap=2, base=0.1), tries),
    )
