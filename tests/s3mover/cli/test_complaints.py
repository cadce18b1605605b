"""With --json, what goes wrong is one object on stderr, and stdout has results alone."""

import json

import pytest

from s3mover import Mover
from s3mover.complaint import Complaint
from tests.s3mover.cli.conftest import Run
from tests.s3mover.records import DONE, FAILED, A, B, Write

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("words", "error", "code"),
    [
        (["status", "4711"], "UnknownMove", 2),
        (["mv", "x", B], "InvalidRequest", 2),
        (["--broker", NOWHERE, "ls"], "BrokerUnavailable", 69),
        (["--broker", "amqp://x", "ls"], "InvalidBroker", 2),
        (["sweep", "--timeout", "0"], "StillRunning", 75),
        (["mv", A], "Usage", 2),
        (["ls", "--limit", "0"], "Usage", 2),
        (["ls", "--colour"], "Usage", 2),
        (["--colour", "ls"], "Usage", 2),
        (["destroy"], "Usage", 2),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_cannot_be_obeyed_is_an_object(
    run: Run, words: list[str], error: str, code: int, *, first: bool
) -> None:
    result = run(*(["--json", *words] if first else [*words, "--json"]))

    complaint = Complaint.model_validate_json(result.stderr)
    assert result.stdout == ""
    assert result.exit_code == complaint.exit_code == code
    assert complaint.error == error
    assert complaint.message


def test_a_complaint_names_the_move_that_it_is_about(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, B)
    write(move, **FAILED)

    result = run("watch", move, "--json")

    assert json.loads(result.stderr) == {
        "error": "AccessDenied",
        "message": f"move {move} failed: AccessDenied: no right to read it (part 2)",
        "exit_code": 1,
        "move": move,
    }
    assert json.loads(result.stdout)["state"] == "failed"


def test_a_cancel_that_comes_too_late_is_told_programs(
    run: Run, mover: Mover, write: Write
) -> None:
    move = mover.move(A, B)
    write(move, **DONE)

    result = run("cancel", move, "--json")

    assert (result.exit_code, json.loads(result.stderr)["error"]) == (0, "TooLate")


def test_any_character_can_be_told(run: Run) -> None:
    result = run("status", "\udcff\x1b[31m", "--json")

    assert r"\udcff\x1b[31m" in Complaint.model_validate_json(result.stderr).message
    assert result.stderr.isascii()


def test_a_word_after_the_end_of_the_options_asks_for_nothing(run: Run) -> None:
    assert run("status", "--", "--json").stderr.startswith("s3mover: no move --json")
