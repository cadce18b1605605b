"""`s3mover doctor` against a real fleet."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from s3mover.cli import main
from tests.process.rig import VERSIONED, Rig


@pytest.fixture
def rig(rig: Rig) -> Iterator[Rig]:
    """Yield a fleet whose other bucket is there."""
    missing = VERSIONED not in {each["Name"] for each in rig.s3.list_buckets()["Buckets"]}
    if missing:
        rig.s3.create_bucket(Bucket=VERSIONED)
    yield rig
    if missing:
        rig.s3.delete_bucket(Bucket=VERSIONED)


def test_a_worker_examines_the_buckets_and_leaves_them_as_they_were(rig: Rig) -> None:
    before = rig.s3.list_objects_v2(Bucket=rig.bucket).get("KeyCount")
    environment = {"S3MOVER_BROKER_URL": rig.fleet.valkey.url}

    result = CliRunner(env=environment).invoke(main, ["doctor", "--json"])

    report = json.loads(result.stdout)
    assert [each for each in report["findings"] if each["status"] == "failed"] == []
    assert result.exit_code == 0
    found = {(each["bucket"], each["check"]): each["status"] for each in report["findings"]}
    assert found["", "worker"] == "ok"
    for bucket in (rig.bucket, VERSIONED):
        versions = (bucket, "s3:DeleteObjectVersion")  # another test may have enabled them
        assert found[versions if versions in found else (bucket, "conditional delete")] == "ok"
        assert found[bucket, "s3:AbortMultipartUpload"] == "ok"
    assert rig.s3.list_objects_v2(Bucket=rig.bucket).get("KeyCount") == before
