"""The command in this process, with the private Valkey of the client's tests as its broker."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from s3mover import Mover
from s3mover.cli import main
from worker.fleet import Valkey

Run = Callable[..., Result]


@pytest.fixture
def run(server: Valkey, mover: Mover) -> Run:
    """Run the command and return its output, of which stdout and stderr are kept apart."""
    environment = {"S3MOVER_BROKER_URL": server.url}

    def run(*words: str) -> Result:
        return CliRunner(env=environment).invoke(main, words, catch_exceptions=False)

    return run
