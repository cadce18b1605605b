"""What each command does and prints."""

import json
from typing import Any

import pytest
from redis import Redis

from s3mover import Mover, MoveRecord, State, journal
from s3mover.cli.options import REQUEST_OPTIONS
from s3mover.contract import MoveOptions, MoveRequest
from s3mover.journal import DEFAULT_BROKER_URL
from tests.s3mover.cli.conftest import Run
from tests.s3mover.records import COPYING, DONE, FAILED, A, B, Write


def test_mv_without_waiting_prints_the_id_alone(run: Run, mover: Mover) -> None:
    result = run("mv", "--no-wait", A, B)

    (record,) = mover.list()
    assert (result.stdout, result.stderr) == (f"{record.id}\n", "")


def test_mv_hands_all_options_on(run: Run, mover: Mover, redis: Redis) -> None:
    words = ["--multipartcopychunksize", "64MiB", "--multipartcopythresholdsize", "1GiB"]
    words += ["--multipartcopymaxconcurrency", "20", "--idempotency-key", "k"]

    run("mv", "--no-wait", A, "/a/b", *words)

    (record,) = mover.list()
    request = redis.hget(journal.move_key(record.id), "request")
    assert MoveRequest.model_validate_json(str(request)) == MoveRequest(
        source=A,
        destination="/a/b",
        idempotency_key="k",
        multipartcopychunksize=64 << 20,
        multipartcopymaxconcurrency=20,
        multipartcopythresholdsize=1 << 30,
    )


def test_the_size_of_a_part_may_be_left_to_the_object(run: Run, mover: Mover, redis: Redis) -> None:
    run("mv", "--no-wait", A, B, "--multipartcopychunksize", "AUTO")

    (record,) = mover.list()
    request = redis.hget(journal.move_key(record.id), "request")
    assert MoveRequest.model_validate_json(str(request)).multipartcopychunksize == "auto"


def test_there_is_an_option_for_each_optional_field() -> None:
    assert set(REQUEST_OPTIONS) == set(MoveOptions.__annotations__)


def test_a_finished_move_is_two_lines(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, B, idempotency_key="k")
    write(move, **DONE)

    result = run("mv", A, B, "--idempotency-key", "k")

    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "s3://bucket/a -> s3://bucket/b",
        (
            "12.0 MiB in 2.0 s (6.0 MiB/s), 3 parts by 2 workers; "
            "verified by checksum (CRC64NVME AAAA=); source deleted (if-match)"
        ),
    ]


def test_a_move_onto_itself_says_so(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, A)
    same = {"kind": "same", "detail": "source and destination are one object"}
    write(move, state="done", evidence=same, finished=1_790_000_003.0)

    result = run("watch", move)

    assert result.stdout.splitlines()[1] == ("nothing to do: source and destination are one object")


def test_a_failed_move_says_why_on_stderr(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, B)
    write(move, **FAILED)

    result = run("watch", move)

    assert result.stdout == ""
    assert result.stderr == (
        f"s3mover: move {move} failed: AccessDenied: no right to read it (part 2)\n"
    )


def test_watch_prints_programs_each_change_as_a_line(
    run: Run, mover: Mover, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = mover.move(A, B)
    records = [mover.status(move)]
    for fields in (COPYING, DONE):
        write(move, **fields)
        records.append(mover.status(move))
    monkeypatch.setattr(Mover, "watch", lambda *_: iter(records))

    result = run("watch", move, "--json")

    lines = result.stdout.splitlines()
    assert [MoveRecord.model_validate_json(line) for line in lines] == records


def test_mv_prints_programs_the_last_record_alone(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, B, idempotency_key="k")
    write(move, **DONE)

    result = run("mv", A, B, "--idempotency-key", "k", "--json")

    assert MoveRecord.model_validate_json(result.stdout) == mover.status(move)
    assert result.stdout.count("\n") == 1


def test_mv_without_waiting_prints_programs_the_queued_record(run: Run) -> None:
    result = run("mv", "--no-wait", "--json", A, B)

    assert json.loads(result.stdout)["state"] == "queued"


def test_cancel_ends_a_queued_move_and_leaves_its_source(run: Run, mover: Mover) -> None:
    move = mover.move(A, B)

    result = run("cancel", move)

    assert result.exit_code == 3
    assert result.stderr == f"s3mover: move {move} was cancelled: {A} is left where it was\n"
    assert mover.status(move).state is State.CANCELLED


def test_a_cancel_that_comes_too_late_says_so(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, B)
    write(move, **DONE)

    result = run("cancel", move)

    assert result.exit_code == 0
    assert result.stderr == f"s3mover: too late: move {move} is done\n"
    assert result.stdout.startswith(f"{A} -> {B}\n")


def test_status_has_a_line_for_each_known_fact(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, B)
    write(move, **COPYING, stop="cancelled", upload="u-1")

    lines = dict(line.split(maxsplit=1) for line in run("status", move).stdout.splitlines())

    assert lines["id"] == move
    assert lines["state"] == "copying (cancelled asked for)"
    assert lines["source"] == A
    assert lines["size"] == "12582912 (12.0 MiB)"
    assert lines["done"] == "0%, 0 of 3 parts"
    assert lines["upload"] == "u-1"
    assert "error" not in lines
    assert "finished" not in lines


def test_status_says_what_a_move_is_up_against(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move(A, B)
    troubles = [{"code": "Throttled", "message": "503 SlowDown", "part": 7}]
    write(move, **COPYING, retries=3, troubles=json.dumps(troubles))

    assert "3 retries, the last: Throttled, part 7: 503 SlowDown" in run("status", move).stdout


def test_a_time_that_is_over_says_what_the_move_is_up_against(
    run: Run, mover: Mover, write: Write
) -> None:
    move = mover.move(A, B)
    troubles = [{"code": "Throttled", "message": "s3aws: HeadObject s3://a/b: 503 SlowDown"}]
    write(move, started=1, retries=1, troubles=json.dumps(troubles))

    assert run("watch", move, "--timeout", "0").stderr.startswith(
        "s3mover: still queued; 1 retry, the last: Throttled: HeadObject: 503 SlowDown; the move "
    )


def test_status_prints_programs_the_record(run: Run, mover: Mover) -> None:
    move = mover.move(A, B)

    assert MoveRecord.model_validate_json(run("status", move, "--json").stdout) == (
        mover.status(move)
    )


def test_ls_is_a_table_of_the_youngest(run: Run, mover: Mover, write: Write) -> None:
    moves = [mover.move(A, f"s3://bucket/{n}") for n in range(3)]
    write(moves[1], **COPYING)

    head, *rows = run("ls", "--limit", "2").stdout.splitlines()

    assert head.split() == ["ID", "STATE", "DONE", "SIZE", "AGE", "SOURCE", "DESTINATION"]
    first, second = (row.split("  ") for row in rows)
    assert [cell.strip() for cell in first if cell][:4] == [moves[2], "queued", "-", "-"]
    assert [cell.strip() for cell in second if cell][:4] == [moves[1], "copying", "0%", "12.0 MiB"]
    assert {row.index("s3://") for row in rows} == {head.index("SOURCE")}


def test_ls_of_no_moves_is_a_head_for_people_and_an_empty_list_for_programs(run: Run) -> None:
    assert run("ls").stdout.split()[0] == "ID"
    assert json.loads(run("ls", "--json").stdout) == []


def test_ls_prints_programs_one_list(run: Run, mover: Mover) -> None:
    moves = [mover.move(A, B) for _ in range(3)]

    found: list[dict[str, Any]] = json.loads(run("--json", "ls").stdout)

    assert [record["id"] for record in found] == moves[::-1]


def test_what_a_terminal_would_obey_is_escaped(run: Run, mover: Mover, write: Write) -> None:
    move = mover.move("s3://bucket/\x1b[31mred\n", B)

    assert r"s3://bucket/\x1b[31mred\n" in run("ls").stdout
    assert r"s3://bucket/\x1b[31mred\n" in run("status", move).stdout
    write(move, **DONE)
    assert r"s3://bucket/\x1b[31mred\n -> " in run("watch", move).stdout


@pytest.fixture
def sweeper(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Stand in for a worker: a sweep that is asked for has this report at once."""
    answer = {"report": '{"settled": [], "aborted": []}'}

    def sweep(_self: Mover, *, dry_run: bool) -> str:
        assert not dry_run
        redis.set(journal.sweep_key("4711"), answer["report"])
        return "4711"

    monkeypatch.setattr(Mover, "sweep", sweep)
    return answer


@pytest.mark.parametrize(
    ("report", "text"),
    [
        ('{"settled": [], "aborted": []}', "nothing to settle, nothing to abort\n"),
        (
            '{"settled": ["m1", "m2"], "aborted": ["s3://b/k upload u"]}',
            "settled move m1\nsettled move m2\naborted s3://b/k upload u\n",
        ),
        ('{"settled": [], "aborted": [], "skipped": true}', "another sweep is at work\n"),
    ],
)
def test_sweep_prints_what_a_worker_did(
    run: Run, sweeper: dict[str, str], report: str, text: str
) -> None:
    sweeper["report"] = report

    assert run("sweep").stdout == text
    assert json.loads(run("sweep", "--json").stdout) == {
        "skipped": False,
        "dry_run": False,
    } | json.loads(report)


def test_a_sweep_without_a_worker_says_so(run: Run) -> None:
    result = run("sweep", "--timeout", "0")

    assert result.exit_code == 75
    assert result.stderr == "s3mover: no worker has swept within 0 s; is one running?\n"


def test_the_help_names_the_default_broker_and_the_exit_codes(run: Run) -> None:
    text = run("--help").stdout

    assert DEFAULT_BROKER_URL in text
    assert "S3MOVER_BROKER_URL" in text
    assert [line.split()[0] for line in text.partition("Exit codes:")[2].splitlines() if line] == [
        "0", "1", "2", "3", "69", "75", "130",
    ]  # fmt: skip


def test_the_version_is_the_distribution_s(run: Run) -> None:
    assert run("--version").stdout.startswith("s3mover ")
