"""`s3mover top`, `watch` and `mv` as a person sees them: on a terminal, with a real fleet."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from s3mover import journal
from tests.process.rig import Goods, Rig, until
from tests.process.terminal import Terminal

COMMAND = """
import fcntl, signal, termios
signal.signal(signal.SIGINT, signal.default_int_handler)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from s3mover.cli import run
run()
"""
TROUBLE = (
    '[{"code": "Throttled", "part": 7, '
    '"message": "s3aws: UploadPartCopy s3://a/b: 503 SlowDown: fewer"}]'
)

Open = Callable[..., Terminal]
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def open_terminal() -> Iterator[Open]:
    with ExitStack() as ends:

        def open_terminal(columns: int = 80, rows: int = 24) -> Terminal:
            terminal = Terminal(columns, rows)
            ends.callback(terminal.close)
            return terminal

        yield open_terminal


@pytest.fixture
def start(rig: Rig, open_terminal: Open) -> Iterator[Start]:
    """Start the command on a terminal of its own."""
    with ExitStack() as ends:

        def start(terminal: Terminal, *words: str, **variables: str) -> "subprocess.Popen[bytes]":
            # Where these are set, and xdist sets them, they count more than the terminal.
            inherited = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES"}}
            environment = {"S3MOVER_BROKER_URL": rig.fleet.valkey.url, "TERM": "xterm-256color"}
            process = subprocess.Popen(  # noqa: S603  # our own command
                [sys.executable, "-c", COMMAND, *words],
                env=inherited | environment | variables,
                stdin=terminal.theirs,
                stdout=terminal.theirs,
                stderr=terminal.theirs,
                start_new_session=True,
            )
            ends.callback(process.wait)
            ends.callback(process.kill)
            return process

        yield start


@pytest.fixture
def copying(rig: Rig) -> Iterator[str]:
    """Hold back the last of four parts of a move that is under way, until the test is over."""
    gate = threading.Event()
    goods = rig.put(parts=4)
    rig.gateway.when("UploadPartCopy", key=goods.destination, part=4).call(lambda: gate.wait(90))
    move = rig.move(goods)
    until(lambda: rig.mover.status(move).parts_done == 3)
    yield move
    gate.set()
    rig.wait(move)


def end(process: "subprocess.Popen[bytes]") -> int:
    return process.wait(60)


def test_top_fits_the_terminal_and_gives_it_back(
    rig: Rig, open_terminal: Open, start: Start, copying: str
) -> None:
    terminal = open_terminal(80, 24)
    before = terminal.modes

    process = start(terminal, "top", "--interval", "0.2")
    until(lambda: copying[:8] in terminal.shown)
    assert (terminal.screen.alternate, terminal.screen.cursor) == (True, False)
    row = next(line for line in terminal.lines if line.startswith(copying[:8]))
    assert "copying" in row
    assert " PARTS " not in terminal.shown

    terminal.resize(200, 12)
    until(lambda: copying in terminal.shown)
    assert " 3/4 " in terminal.shown

    terminal.resize(40, 8)
    until(lambda: "RATE" not in terminal.shown and "DONE" in terminal.shown)

    terminal.type("\x03")
    assert end(process) == 0
    until(lambda: not terminal.screen.alternate)
    assert terminal.screen.cursor
    assert terminal.modes == before
    assert "Traceback" not in terminal.text


@pytest.mark.parametrize(("how", "code"), [("q", 0), ("TERM", 143)])
def test_however_top_ends_the_terminal_is_as_it_was(
    open_terminal: Open, start: Start, how: str, code: int
) -> None:
    terminal = open_terminal()
    before = terminal.modes
    process = start(terminal, "top")
    until(lambda: "active" in terminal.shown)

    if how == "q":
        terminal.type("q")
    else:
        process.send_signal(signal.SIGTERM)

    assert end(process) == code
    until(lambda: not terminal.screen.alternate and terminal.screen.cursor)
    assert terminal.modes == before


def test_top_says_that_redis_is_away_and_goes_on_when_it_is_back(
    rig: Rig, open_terminal: Open, start: Start
) -> None:
    terminal = open_terminal(120, 20)
    process = start(terminal, "top", "--interval", "0.2")
    until(lambda: "q ends this" in terminal.shown)

    rig.fleet.valkey.kill()
    try:
        until(lambda: "Redis is not available" in terminal.shown)
        assert "active" in terminal.shown
    finally:
        rig.fleet.valkey.launch()
        rig.fleet.valkey.wait_until_ready()
    until(lambda: "Redis is not available" not in terminal.shown)

    terminal.type("q")
    assert end(process) == 0


@pytest.mark.parametrize("variable", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_top_once_is_one_table_without_a_code_where_none_is_wanted(
    open_terminal: Open, start: Start, copying: str, variable: dict[str, str]
) -> None:
    terminal = open_terminal(100, 30)
    once = [] if variable.get("TERM") == "dumb" else ["--once"]

    assert end(start(terminal, "top", *once, **variable)) == 0

    until(lambda: copying[:8] in terminal.shown)
    assert "\x1b[3" not in terminal.text
    assert ("\x1b" not in terminal.text) == ("TERM" in variable)


def test_watch_shows_phase_and_what_is_wrong_and_leaves_no_line_behind(
    rig: Rig, open_terminal: Open, start: Start, copying: str
) -> None:
    terminal = open_terminal(80, 24)
    process = start(terminal, "watch", copying)
    until(lambda: "3/4 parts" in terminal.shown)
    assert terminal.lines[0].startswith("copying ")
    assert "15.0/15.0 MiB" in terminal.lines[0]

    rig.redis.hset(journal.move_key(copying), mapping={"retries": 3, "troubles": TROUBLE})
    until(lambda: "SlowDown" in terminal.shown)
    trouble = "3 retries, the last: Throttled, part 7: UploadPartCopy: 503 SlowDown: fewer"
    assert terminal.lines[1] == trouble

    terminal.type("\x03")
    assert end(process) == 130
    until(lambda: "`s3mover cancel" in terminal.shown.replace("\n", ""))
    assert terminal.lines[0].startswith("s3mover: interrupted; the move goes on")


def test_watch_fits_a_narrow_terminal(open_terminal: Open, start: Start, copying: str) -> None:
    terminal = open_terminal(30, 10)

    process = start(terminal, "watch", copying)
    until(lambda: "copying" in terminal.shown)

    assert len(terminal.lines) == 1
    process.send_signal(signal.SIGINT)
    assert end(process) == 130


def test_a_dumb_terminal_gets_a_line_for_each_phase(
    rig: Rig, open_terminal: Open, start: Start
) -> None:
    goods: Goods = rig.put()
    source, destination = (f"s3://{goods.bucket}/{key}" for key in goods.keys)
    terminal = open_terminal(300, 24)

    assert end(start(terminal, "mv", source, destination, TERM="dumb")) == 0

    until(lambda: "verified by" in terminal.shown)
    phases = [line for line in terminal.lines if " " not in line]
    assert phases[-1] == "done"
    assert len(phases) == len(set(phases))
    assert "\x1b" not in terminal.text


def test_a_move_that_is_not_known_does_not_go_on_while_redis_is_away(
    rig: Rig, open_terminal: Open, start: Start
) -> None:
    terminal = open_terminal(200, 24)

    process = start(terminal, "watch", "4711", S3MOVER_BROKER_URL="redis://127.0.0.1:1/0")

    assert end(process) == 69
    until(lambda: "Redis is not available" in terminal.shown)
    assert "goes on" not in terminal.shown
