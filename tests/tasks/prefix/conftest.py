"""The modelled S3 behind a gateway, and pages of prefix moves in front of it; no worker."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from redis import Redis

import driver
from bench.model import ModelS3, Timing
from config import S3Settings, Settings
from tasks import backoff
from tasks.deployment import Deployment
from tasks.leases import Keeper
from tasks.prefix import batch, deletes, page, run
from tests.process.s3_gateway import S3Gateway
from tests.tasks.prefix.scene import Scene, play


@pytest.fixture(scope="session")
def model() -> Iterator[ModelS3]:
    with ModelS3(Timing(bandwidth=1e9, copy_latency=0.001, latency=0.001)) as model:
        yield model


@pytest.fixture
def set_scene(
    model: ModelS3, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Scene]]:
    """Begin moves of prefixes, of so many objects; each request is tried by its caller only."""
    monkeypatch.setattr(page, "publish", lambda *_: None)
    monkeypatch.setattr(batch, "carry", lambda *_: None)
    for module in (run, deletes):
        monkeypatch.setattr(module, "backoff", lambda *_: 0.01)
    monkeypatch.setattr(backoff, "_CEILING", 0.01)
    with S3Gateway(model.endpoint) as gateway:
        s3 = S3Settings(
            bucket="model",
            region="us-east-1",
            regionendpoint=gateway.endpoint,
            accesskey="model",
            secretkey="model",
        )
        own = Settings(s3=s3, attempts=3)
        client = driver.make_client(s3, attempts=1)
        driver.hand_throttles_on(client)
        here = Deployment(own, client, redis, Keeper(redis, own.part_lease))
        truth: Any = boto3.client(
            "s3",
            endpoint_url=model.endpoint,
            region_name="us-east-1",
            aws_access_key_id="model",
            aws_secret_access_key="model",
        )
        yield partial(play, here, model, gateway, truth)
        client.close()
        truth.close()
