"""A process with bad settings does not start: it says what is wrong, a line each."""

import subprocess
from pathlib import Path

import pytest

from worker.fleet.server import clean_environment
from worker.fleet.workers import CELERY, ROOT

BAD = {
    "S3MOVER_S3_BUCKET": "bucket",
    "S3MOVER_S3_REGION": "eu-central-1",
    "S3MOVER_S3_CHUNKSIZE": "5",
    "S3MOVER_BROKR_URL": "redis://:hidden@localhost:1/0",
}


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_each_fault_is_a_readable_line_and_the_exit_code_is_two(
    command: str, tmp_path: Path
) -> None:
    ended = subprocess.run(  # noqa: S603  # our own command
        [*CELERY, command, f"--pidfile={tmp_path}/pid"],
        cwd=ROOT,
        env=clean_environment() | BAD,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    lines = ended.stderr.splitlines()
    assert len(lines) == 2
    assert "S3MOVER_S3_CHUNKSIZE" in ended.stderr
    assert "between 5242880 and 5368709120" in ended.stderr
    assert "S3MOVER_BROKR_URL" in ended.stderr
    assert "S3MOVER_BROKER_URL" in ended.stderr  # did you mean
    assert "hidden" not in ended.stdout + ended.stderr


def test_a_health_file_that_cannot_be_written_ends_the_worker() -> None:
    good = {"S3MOVER_S3_BUCKET": "bucket", "S3MOVER_S3_REGION": "eu-central-1"}
    ended = subprocess.run(  # noqa: S603  # our own command
        [*CELERY, "worker"],
        cwd=ROOT,
        env=clean_environment() | good | {"S3MOVER_HEALTH_FILE": "/not/there/health"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr.strip().endswith(
        "S3MOVER_HEALTH_FILE: cannot write /not/there/health: No such file or directory"
    )
