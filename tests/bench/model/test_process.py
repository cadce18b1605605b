"""The model as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.model import ModelS3, Timing

ROOT = Path(__file__).parents[3]


def test_its_counts_are_asked_for_and_reset(model: ModelS3) -> None:
    model.reset()
    model.put("process/a", 1)

    assert model.stats()["requests"] == {"PutObject": 1}
    model.reset()
    assert model.stats()["requests"] == {}


def test_it_ends_with_its_context() -> None:
    with ModelS3(bucket="other") as model:
        model.put("a", 1)
        pid = model.pid

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_its_timing_reaches_the_process() -> None:
    with ModelS3(Timing(latency=0.0625)) as model:
        model.put("a", 1)

        assert model.stats()["seconds"] == {"PutObject": 0.0625}


def test_a_leashed_one_ends_with_its_parent() -> None:
    command = [sys.executable, "-m", "bench.model", "--leashed"]
    with subprocess.Popen(  # noqa: S603  the command is our own
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"http://127.0.0.1:")

        process.stdin.close()

        assert process.wait(timeout=30) == 0


def test_a_request_that_is_refused_says_why(model: ModelS3) -> None:
    with pytest.raises(RuntimeError, match="NoSuchBucket"):
        model._ask("GET", "/none/a")


def test_one_that_cannot_start_says_so() -> None:
    with pytest.raises(RuntimeError, match="did not start"), ModelS3(Timing(latency="x")):  # type: ignore[arg-type]  # on purpose
        pass


def test_many_objects_are_created_counted_and_cleared(model: ModelS3) -> None:
    model.fill("many/", 3, size=5)
    model.fill("many/", 2, size=7, first=3)

    assert model.count("many/") == 5
    assert model.count("many/0000004") == 1
    model.clear("many/")
    assert model.count("many/") == 0
