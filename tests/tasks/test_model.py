"""
A model of everything at once, against the tasks' real code: messages, crashes, faults, others.

`MODEL_EXAMPLES=5000 .venv/bin/pytest tests/tasks/test_model.py` tries more, each time others.
"""

import logging
import os
from collections.abc import Iterator

import pytest
from celery import Celery
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.tasks.model_machine import Moves
from tests.tasks.model_patches import patched
from worker.fleet import Valkey

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "0"))


@pytest.fixture
def everything_patched(server: Valkey) -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with patched(Celery("model", broker=server.url, backend=server.url)):
        yield
    logging.disable(logging.NOTSET)


@pytest.mark.timeout(3600 if EXAMPLES else 300)
def test_the_promises_are_kept_whatever_happens(server: Valkey, everything_patched: None) -> None:
    Moves.url = server.url

    run_state_machine_as_test(
        Moves,
        settings=settings(
            max_examples=EXAMPLES or 400,
            stateful_step_count=30,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
