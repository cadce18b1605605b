"""The command against a real fleet: its exit codes, its progress bar, and Ctrl-C."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from s3mover import State
from tests.process.rig import Goods, Rig, until

# A shell that starts the tests in the background has them, and their children, ignore Ctrl-C.
COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from s3mover.cli import main
main()
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(rig: Rig) -> Iterator[Start]:
    """Start the command; whatever it waits for, it ends with the test."""
    environment = os.environ | {"S3MOVER_BROKER_URL": rig.fleet.valkey.url, "COLUMNS": "120"}
    with ExitStack() as ends:

        def start(*words: str, stderr: int = subprocess.PIPE) -> "subprocess.Popen[str]":
            process = subprocess.Popen(  # noqa: S603  # our own command
                [sys.executable, "-c", COMMAND, *words],
                env=environment | {"TERM": "xterm"},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
            ends.enter_context(process)
            ends.callback(process.kill)
            return process

        yield start


@pytest.fixture
def hold(rig: Rig) -> Iterator[Callable[[Goods, int], threading.Event]]:
    """Hold back the copy of one part until an event is set."""
    gate = threading.Event()

    def hold(goods: Goods, part: int) -> threading.Event:
        copies = rig.gateway.when("UploadPartCopy", key=goods.destination, part=part)
        copies.call(lambda: gate.wait(60))
        return gate

    yield hold
    gate.set()


Hold = Callable[[Goods, int], threading.Event]


class Terminal:
    """A pseudo-terminal, and what was written to it so far."""

    def __init__(self) -> None:
        self._ours, self.theirs = pty.openpty()
        self.text = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        """Wait for the last words; whoever writes must have ended."""
        os.close(self.theirs)
        self._reader.join(10)
        os.close(self._ours)

    def _read(self) -> None:
        while True:
            try:
                written = os.read(self._ours, 65536)
            except OSError:  # Linux, once nobody has the other end open
                return
            if not written:
                return
            self.text += written.decode(errors="replace")


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.close()


def places(goods: Goods) -> list[str]:
    return [f"s3://{goods.bucket}/{goods.source}", f"s3://{goods.bucket}/{goods.destination}"]


def end(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Return the exit code, and what was written to stdout and to stderr."""
    stdout, stderr = process.communicate(timeout=60)
    return process.returncode, stdout, stderr or ""


def test_a_small_object_is_moved_and_told_in_two_lines(rig: Rig, start: Start) -> None:
    goods = rig.put()
    source, destination = places(goods)

    code, stdout, stderr = end(start("mv", source, destination))

    assert (code, stderr) == (0, "")
    first, second = stdout.splitlines()
    assert first == f"{source} -> {destination}"
    assert second.startswith("100 B in ")
    assert "; verified by " in second
    assert "; source deleted (" in second
    assert rig.read(goods, goods.destination) == goods.body
    assert rig.read(goods, goods.source) is None


def test_a_terminal_sees_the_parts_come_in(
    rig: Rig, start: Start, terminal: Terminal, hold: Hold
) -> None:
    goods = rig.put(parts=4)
    gate = hold(goods, 4)

    process = start("mv", *places(goods), stderr=terminal.theirs)
    until(lambda: "3/4 parts" in terminal.text)
    gate.set()
    code, stdout, _ = end(process)

    assert code == 0
    assert ", 4 parts by " in stdout
    assert "copying" in terminal.text
    assert "15.0/15.0 MiB" in terminal.text
    assert rig.read(goods, goods.destination) == goods.body


def test_a_move_that_fails_is_one_and_says_why(rig: Rig, start: Start) -> None:
    goods = rig.put()
    rig.s3.delete_object(Bucket=goods.bucket, Key=goods.source)

    code, stdout, stderr = end(start("mv", *places(goods)))

    assert (code, stdout) == (1, "")
    assert stderr.startswith("s3mover: move ")
    assert "failed: PathNotFoundError: " in stderr
    assert stderr.count("\n") == 1


def test_a_program_gets_one_record(rig: Rig, start: Start) -> None:
    goods = rig.put(parts=3)

    code, stdout, stderr = end(start("--json", "mv", *places(goods)))

    record: dict[str, Any] = json.loads(stdout)
    assert (code, stderr) == (0, "")
    assert (record["state"], record["bytes_done"]) == ("done", len(goods.body))
    assert record["parts_done"] == record["parts_total"] == sum(record["workers"].values()) == 3


def test_a_program_that_watches_gets_a_line_for_each_change(
    rig: Rig, start: Start, hold: Hold
) -> None:
    goods = rig.put(parts=3)
    gate = hold(goods, 3)
    move = rig.move(goods)
    until(lambda: rig.mover.status(move).parts_done == 2)

    watch = start("watch", move, "--json")
    assert watch.stdout is not None
    first = json.loads(watch.stdout.readline())
    gate.set()
    code, stdout, _ = end(watch)

    assert (first["state"], first["parts_done"]) == ("copying", 2)
    lines = [json.loads(line) for line in stdout.splitlines()]
    done = [line["parts_done"] for line in lines]
    assert done == sorted(done)
    assert (code, done[-1], lines[-1]["state"]) == (0, 3, "done")


def test_a_timeout_is_seventy_five_and_the_move_can_be_watched_on(
    rig: Rig, start: Start, hold: Hold
) -> None:
    goods = rig.put(parts=2)
    gate = hold(goods, 2)

    code, stdout, stderr = end(start("mv", "--json", "--timeout", "0.5", *places(goods)))
    move = json.loads(stdout)["id"]
    assert code == 75
    assert f"`s3mover watch {move}` shows it" in stderr

    gate.set()
    assert end(start("watch", move))[0] == 0
    assert rig.read(goods, goods.destination) == goods.body


def test_ctrl_c_leaves_the_move_to_the_workers_and_says_so(
    rig: Rig, start: Start, terminal: Terminal, hold: Hold
) -> None:
    goods = rig.put(parts=2)
    gate = hold(goods, 2)
    process = start("mv", *places(goods), stderr=terminal.theirs)
    until(lambda: "1/2 parts" in terminal.text)

    process.send_signal(signal.SIGINT)
    code, stdout, _ = end(process)

    (move,) = [r.id for r in rig.mover.list() if r.destination == places(goods)[1]]
    assert (code, stdout) == (130, "")
    until(lambda: f"`s3mover watch {move}` shows it" in terminal.text)
    assert "Traceback" not in terminal.text
    gate.set()
    assert rig.wait(move).state is State.DONE


def test_cancel_waits_until_all_is_as_it_was(rig: Rig, start: Start, hold: Hold) -> None:
    goods = rig.put(parts=3)
    gate = hold(goods, 1)
    move = rig.move(goods)
    until(lambda: rig.mover.status(move).parts_done == 2)

    process = start("cancel", move)
    until(lambda: rig.mover.status(move).stopping)
    gate.set()
    code, stdout, stderr = end(process)

    assert (code, stdout) == (3, "")
    left = f"{places(goods)[0]} is left where it was"
    assert stderr == f"s3mover: move {move} was cancelled: {left}\n"
    rig.assert_untouched(goods)


def test_a_sweep_is_answered_by_a_worker(start: Start) -> None:
    code, stdout, _ = end(start("sweep", "--json"))

    assert code == 0
    assert set(json.loads(stdout)) == {"settled", "aborted", "skipped", "dry_run"}


def test_ls_shows_the_youngest_move_first(rig: Rig, start: Start) -> None:
    goods = rig.put()
    move = rig.move(goods)
    rig.wait(move)

    code, stdout, _ = end(start("ls", "--limit", "1"))

    row = stdout.splitlines()[-1]  # after the prefix moves that other tests have left
    assert code == 0
    assert row.split()[:4] == [move, "done", "100%", "100"]
