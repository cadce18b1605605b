"""Which broker a command speaks to; and the command below `celery`."""

import json
from pathlib import Path

import pytest
from celery.bin.celery import celery
from click.testing import CliRunner
from redis import Redis

from s3mover import Mover
from s3mover.cli import main
from tests.s3mover.records import A, B
from worker.fleet import Valkey

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("words", "variable"),
    [
        (["ls"], "THERE"),
        (["--broker", "THERE", "ls"], None),
        (["ls", "--broker", "THERE"], None),
        (["ls", "--broker", "THERE"], NOWHERE),
        (["--broker", "THERE", "ls"], NOWHERE),
        (["--broker", NOWHERE, "ls", "--broker", "THERE"], None),
    ],
)
def test_the_nearest_broker_counts(
    server: Valkey, redis: Redis, words: list[str], variable: str | None
) -> None:
    words = [server.url if word == "THERE" else word for word in words]
    value = server.url if variable == "THERE" else variable

    result = CliRunner(env={"S3MOVER_BROKER_URL": value}).invoke(main, words)

    assert result.exit_code == 0


@pytest.fixture
def below_celery(
    server: Valkey, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CliRunner:
    """Add the command to `celery`, as its entry point does, beside an app on the private Valkey."""
    app = f"from celery import Celery\napp = Celery(broker={server.url!r}, set_as_current=False)\n"
    tmp_path.joinpath("an_app.py").write_text(app)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(celery.commands, "s3mover", main)
    return CliRunner(env={"S3MOVER_BROKER_URL": None, "S3MOVER_WEB_TOKEN": None})


def test_below_celery_the_app_s_broker_is_the_default(
    below_celery: CliRunner, mover: Mover
) -> None:
    result = below_celery.invoke(celery, ["-A", "an_app", "s3mover", "mv", "--no-wait", A, B])

    (record,) = mover.list()
    assert (result.exit_code, result.stdout) == (0, f"{record.id}\n")


def test_below_celery_a_broker_can_be_given_all_the_same(below_celery: CliRunner) -> None:
    words = ["-A", "an_app", "s3mover", "--broker", NOWHERE, "ls"]

    assert below_celery.invoke(celery, words).exit_code == 69


VERBS = [
    (["mv", A, B, "--timeout", "0"], 75),
    (["status", "ID"], 0),
    (["watch", "ID", "--timeout", "0"], 75),
    (["top"], 0),
    (["cancel", "ID"], 3),
    (["pause", "PREFIX"], 0),
    (["resume", "PREFIX"], 0),
    (["retry-failed", "PREFIX"], 75),  # it has not ended
    (["report", "PREFIX"], 0),
    (["ls"], 0),
    (["sweep", "--timeout", "0"], 75),
    (["doctor", "--timeout", "0"], 75),
    (["web"], 2),  # nobody gets in without a token, so that there is nothing to serve
    (["completion", "bash"], 0),
]


@pytest.mark.parametrize(("words", "code"), VERBS)
def test_below_celery_every_command_works(
    below_celery: CliRunner, mover: Mover, words: list[str], code: int
) -> None:
    move = mover.move(A, B)
    prefix = mover.move_prefix("s3://bucket/a/", "s3://bucket/b/")
    words = [{"ID": move, "PREFIX": prefix}.get(word, word) for word in words]

    result = below_celery.invoke(celery, ["-A", "an_app", "s3mover", *words])

    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_below_celery_the_help_is_the_same(below_celery: CliRunner) -> None:
    assert [words[0] for words, _ in VERBS] == list(main.commands)
    for command in main.commands:
        result = below_celery.invoke(celery, ["s3mover", command, "--help"])
        assert result.exit_code == 0
        assert "CELERY_" not in result.stdout  # what click would make of each option


def test_below_celery_a_wrong_command_line_is_an_object_with_json(below_celery: CliRunner) -> None:
    result = below_celery.invoke(celery, ["-A", "an_app", "s3mover", "--json", "mv"])

    assert (result.exit_code, json.loads(result.stderr)["error"]) == (2, "Usage")


def test_below_celery_errors_and_exit_codes_are_the_same(below_celery: CliRunner) -> None:
    result = below_celery.invoke(celery, ["-A", "an_app", "s3mover", "status", "4711"])

    assert result.exit_code == 2
    assert result.stderr.startswith("s3mover: no move 4711")
