"""A modelled S3 without latency, a boto3 client of it, and a model in the test's own process."""

import uuid
from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from types_boto3_s3 import S3Client

from bench.model import ModelS3, Timing
from tests.bench.model.rig import Rig

NO_TIME = Timing(bandwidth=1e18, copy_latency=0, latency=0)


@pytest.fixture
def rig() -> Rig:
    return Rig()


@pytest.fixture(scope="session")
def model() -> Iterator[ModelS3]:
    with ModelS3(NO_TIME) as model:
        yield model


@pytest.fixture(scope="session")
def s3(model: ModelS3) -> Iterator[S3Client]:
    client: S3Client = boto3.client(
        "s3",
        endpoint_url=model.endpoint,
        region_name=model.region,
        aws_access_key_id=model.access_key,
        aws_secret_access_key=model.secret_key,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    yield client
    client.close()


@pytest.fixture
def bucket(s3: S3Client) -> str:
    """Return the name of an empty bucket."""
    name = f"test-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def refused() -> Callable[..., tuple[int, str]]:
    """Call a client's method that must be refused; return the status and S3's code."""

    def refused(call: Callable[..., object], **arguments: object) -> tuple[int, str]:
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        answer = caught.value.response
        return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]

    return refused
