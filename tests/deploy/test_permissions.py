"""The documented policy is what the doctor asks for, and the documented rule pleases it."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config import S3Settings
from driver import examine, make_client
from worker.fleet import SeaweedFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_s3 import S3Client

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def settings() -> "Iterator[S3Settings]":
    with SeaweedFS() as server:
        yield S3Settings(
            region="us-east-1",
            regionendpoint=server.endpoint,
            accesskey=server.access_key,
            secretkey=server.secret_key,
            bucket=server.bucket,
        )


@pytest.fixture
def client(settings: S3Settings) -> "Iterator[S3Client]":
    client = make_client(settings)
    yield client
    client.close()


def test_the_policy_has_what_the_doctor_asks_for(client: "S3Client", settings: S3Settings) -> None:
    text = (DOCS / "permissions.md").read_text()
    policy = json.loads(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    allowed = {action for each in policy["Statement"] for action in each["Action"]}

    asked = {found.check for found in examine(client, settings, settings.bucket)}

    actions = {check for check in asked if check.startswith("s3:")}
    only_doctors = {"s3:GetLifecycleConfiguration", "s3:GetBucketVersioning"}
    assert actions - only_doctors == allowed
    assert all(f"`{action}`" in text for action in actions)


def test_the_lifecycle_rules_please_the_doctor(client: "S3Client", settings: S3Settings) -> None:
    rules = json.loads((DOCS / "lifecycle.json").read_text())
    client.put_bucket_lifecycle_configuration(Bucket=settings.bucket, LifecycleConfiguration=rules)

    found = {each.check: each for each in examine(client, settings, settings.bucket)}

    assert found["s3:GetLifecycleConfiguration"].status == "ok"
