"""What scripts go by: the exit codes, and one line on stderr for what went wrong."""

import json
import re
import socket
from collections.abc import Iterator

import pytest
from redis import Redis

from s3mover import BrokerUnavailable, Mover, MoveRecord
from tests.s3mover.cli.conftest import Run
from tests.s3mover.records import COPYING, DONE, FAILED, A, B, Write

STATES = [(DONE, 0), (FAILED, 1), ({"state": "cancelled"}, 3), (COPYING, 75)]


@pytest.mark.parametrize(("fields", "code"), STATES)
@pytest.mark.parametrize("command", ["watch", "cancel"])
def test_who_waits_ends_with_the_code_of_the_move_s_end(
    run: Run, mover: Mover, write: Write, command: str, fields: dict[str, object], code: int
) -> None:
    move = mover.move(A, B)
    write(move, **fields)

    result = run(command, move, "--timeout", "0")

    assert result.exit_code == code
    assert ("s3mover: " in result.stderr) == (code != 0 or command == "cancel")


@pytest.mark.parametrize("fields", [fields for fields, _ in STATES])
def test_who_only_asks_ends_with_zero(
    run: Run, mover: Mover, write: Write, fields: dict[str, object]
) -> None:
    move = mover.move(A, B)
    write(move, **fields)

    assert run("status", move).exit_code == 0
    assert run("ls").exit_code == 0


def one_line(text: str) -> str:
    """Return what follows the command's name on the only line there is."""
    (line,) = text.splitlines()
    name, _, rest = line.partition("s3mover: ")
    assert name == ""
    return rest


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["mv", "bucket/a", B], "source: expected s3://bucket/key or a driver path such as /a/b"),
        (["mv", A, "s3://bucket/\udcff"], "destination: Input should be a valid string"),
        (["mv", "x", "y"], "source: expected .*; destination: expected "),
        (["mv", A, B, "--multipartcopychunksize", "1KiB"], "multipartcopychunksize: .* 5242880"),
        (["mv", A, B, "--idempotency-key", ""], "idempotency_key: .* at least 1 character"),
        (["status", "4711"], "no move 4711"),
        (["watch", "4711"], "no move 4711"),
        (["cancel", "4711"], "no move 4711"),
        (["status", "\x1b[31m"], r"no move \\x1b\[31m"),
        (
            ["--broker", "amqp://anna:s3cret@host", "ls"],
            "the broker's URL must be one URL that starts with redis://",
        ),
    ],
)
def test_what_cannot_be_obeyed_is_one_line_and_two(
    run: Run, redis: Redis, words: list[str], text: str
) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.match(text, one_line(result.stderr))
    assert "s3cret" not in result.stderr
    assert redis.dbsize() == 0


@pytest.mark.parametrize(
    "words",
    [
        ["mv", A],
        ["mv", A, B, "--colour", "red"],
        ["mv", A, B, "--multipartcopychunksize", "much"],
        ["mv", A, B, "--multipartcopychunksize", "9" * 5000],
        ["mv", A, B, "--multipartcopymaxconcurrency", "x"],
        ["ls", "--limit", "0"],
        ["watch", "4711", "--timeout", "-1"],
        ["destroy"],
    ],
)
def test_a_wrong_command_line_is_explained_and_two(run: Run, words: list[str]) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Usage: ")


def test_a_key_that_another_request_has_is_two(run: Run) -> None:
    assert run("mv", "--no-wait", A, B, "--idempotency-key", "k").exit_code == 0

    result = run("mv", "--no-wait", A, A, "--idempotency-key", "k")

    assert result.exit_code == 2
    assert "idempotency key of its own" in one_line(result.stderr)


@pytest.fixture
def closed_port() -> Iterator[str]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"redis://anna:s3cret@127.0.0.1:{unused.getsockname()[1]}/0"


@pytest.mark.timeout(5, func_only=True)
@pytest.mark.parametrize("words", [["mv", A, B], ["status", "4711"], ["ls"], ["sweep"]])
def test_a_broker_that_is_away_is_sixty_nine(run: Run, closed_port: str, words: list[str]) -> None:
    result = run("--broker", closed_port, *words)

    assert result.exit_code == 69
    assert result.stdout == ""
    assert "Redis is not available" in one_line(result.stderr)
    assert "s3cret" not in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (KeyboardInterrupt(), 130, "interrupted; the move goes on: `s3mover watch "),
        (
            BrokerUnavailable("Redis is away"),
            69,
            "Redis is away; the move goes on: `s3mover watch ",
        ),
    ],
)
def test_a_wait_that_is_cut_short_says_how_to_come_back(
    run: Run,
    mover: Mover,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    text: str,
) -> None:
    def cut_short(_self: Mover, _move_id: str, _timeout: float | None) -> list[MoveRecord]:
        raise error

    monkeypatch.setattr(Mover, "watch", cut_short)

    result = run("mv", A, B)

    (record,) = mover.list()
    assert result.exit_code == code
    assert one_line(result.stderr).startswith(f"{text}{record.id}` shows it")
    assert f"`s3mover cancel {record.id}` ends it" in result.stderr


def test_a_time_that_is_over_says_how_to_come_back(run: Run, mover: Mover) -> None:
    result = run("mv", A, B, "--timeout", "0")

    (record,) = mover.list()
    assert result.exit_code == 75
    assert one_line(result.stderr).startswith(
        "still queued: no worker has begun it; "
        f"the move goes on: `s3mover watch {record.id}` shows it"
    )
    assert result.stdout == ""


def test_a_time_that_is_over_leaves_programs_the_record(run: Run, mover: Mover) -> None:
    result = run("--json", "mv", A, B, "--timeout", "0")

    (record,) = mover.list()
    assert result.exit_code == 75
    assert json.loads(result.stdout)["id"] == record.id
