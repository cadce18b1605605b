"""Each exit code that the table in docs/cli.md has is a situation here, and no other one is."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import uvicorn
from redis import Redis

from s3mover import Mover, journal
from s3mover.cli.commands import main
from s3mover.cli.exits import MEANINGS, Exit
from s3mover.prefixes import Prefixes
from tests.s3mover.cli.conftest import Run
from tests.s3mover.records import DONE, FAILED, A, B, Write

NOWHERE = ["--broker", "redis://127.0.0.1:1/0"]
ENDS: dict[Exit, dict[str, Any]] = {
    Exit.DONE: DONE,
    Exit.FAILED: FAILED,
    Exit.CANCELLED: {"state": "cancelled"},
}
GOOD = '{"worker": "w", "findings": []}'
BAD = '{"worker": "w", "findings": [{"check": "x", "status": "failed"}]}'

WORDS = {
    "mv": ["mv", A, B, "--idempotency-key", "k"],
    "status": ["status", "ID"],
    "watch": ["watch", "ID"],
    "top": ["top"],
    "cancel": ["cancel", "ID"],
    "pause": ["pause", "PREFIX"],
    "resume": ["resume", "PREFIX"],
    "retry-failed": ["retry-failed", "PREFIX"],
    "report": ["report", "PREFIX"],
    "ls": ["ls"],
    "sweep": ["sweep"],
    "doctor": ["doctor"],
    "web": ["web", "--token-file", "TOKEN"],
    "completion": ["completion", "bash"],
}
MISTAKES = {
    "mv": [A, A],  # the key belongs to another request
    "status": ["4711"],
    "watch": ["4711"],
    "cancel": ["4711"],
    "pause": ["4711"],
    "resume": ["4711"],
    "retry-failed": ["4711"],
    "report": ["4711"],
    "completion": ["csh"],
}
# What each command asks first, and what is interrupted in it.
ASKS = {
    "mv": "watch", "watch": "watch", "cancel": "watch", "status": "status", "ls": "list",
    "sweep": "sweep", "doctor": "doctor",
}  # fmt: skip

ASKS_OF_PREFIXES = {
    "pause": "pause", "resume": "resume", "retry-failed": "retry_failed", "report": "status",
}  # fmt: skip

CASES = [(command, code) for command, meanings in MEANINGS.items() for code in meanings]


@pytest.fixture
def move(mover: Mover) -> str:
    return mover.move(A, B, idempotency_key="k")


@pytest.fixture
def prefix(mover: Mover) -> str:
    return mover.move_prefix("s3://bucket/a/", "s3://bucket/b/")


@pytest.fixture
def answered(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Stand in for a worker that answers what sweep and doctor ask."""

    def answered(report: str) -> None:
        redis.set(journal.doctor_key("4711"), report)
        redis.set(journal.sweep_key("4711"), '{"settled": [], "aborted": []}')
        monkeypatch.setattr(Mover, "sweep", lambda _self, **_: "4711")
        monkeypatch.setattr(Mover, "doctor", lambda _self: "4711")

    return answered


@pytest.fixture
def token(tmp_path: Path) -> str:
    path = tmp_path / "token"
    path.write_text("t" * 40)
    return str(path)


@pytest.fixture
def taken() -> Iterator[str]:
    """Yield a port that somebody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def interrupted(*_args: object, **_options: object) -> NoReturn:
    raise KeyboardInterrupt


def asked_first(command: str) -> tuple[type[Mover | Prefixes], str]:
    if command in ASKS_OF_PREFIXES:
        return Prefixes, ASKS_OF_PREFIXES[command]
    return Mover, ASKS[command]


async def ctrl_c(server: uvicorn.Server, **_: object) -> None:
    server.started = True
    raise KeyboardInterrupt


@pytest.mark.parametrize(("command", "code"), CASES)
def test_each_code_of_the_table_is_what_its_situation_gives(  # noqa: C901  # a branch for each
    run: Run,
    move: str,
    prefix: str,
    write: Write,
    answered: Callable[[str], None],
    token: str,
    taken: str,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    code: Exit,
) -> None:
    words = [
        {"ID": move, "PREFIX": prefix, "TOKEN": token}.get(word, word) for word in WORDS[command]
    ]
    if command == "web" and code is Exit.DONE:
        monkeypatch.setattr("uvicorn.Server.serve", ctrl_c)  # uvicorn.run itself ends by it
    elif command == "web" and code is Exit.FAILED:
        words += ["--port", taken]
    elif code in ENDS and command in {"mv", "watch", "cancel"}:
        write(move, **ENDS[code])
    elif command == "retry-failed" and code is Exit.DONE:
        run("cancel", prefix)
    elif command == "retry-failed" and code is Exit.STILL_RUNNING:
        pass  # no worker has begun it
    elif code in {Exit.DONE, Exit.FAILED}:
        answered(GOOD if code is Exit.DONE else BAD)
    elif code is Exit.USAGE and command == "mv":
        words = ["mv", *MISTAKES["mv"], *words[3:]]
    elif code is Exit.USAGE:
        words = [command, *MISTAKES.get(command, ["--colour"])]
    elif code is Exit.UNAVAILABLE:
        words += NOWHERE
    elif code is Exit.STILL_RUNNING:
        write(move, state="copying", started=1, plan={"size": 1})
        words += ["--timeout", "0"]
    elif code is Exit.INTERRUPTED:
        monkeypatch.setattr(*asked_first(command), interrupted)

    assert run(*words).exit_code == code


def test_the_table_has_every_command() -> None:
    assert list(MEANINGS) == list(main.commands)
