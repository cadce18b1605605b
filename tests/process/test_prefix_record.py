"""What is known of the move of a prefix while it goes on, and what it leaves to read."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner, Result

from s3mover.cli import main
from s3mover.prefix_journal import prefix_key
from tests.process import prefix_goods
from tests.process.rig import Rig, until

TALLY = "s3mover:tally"


def test_copies_of_a_page_that_goes_on_are_seen_and_counted_once_in_the_end(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 6)
    slow = rig.gateway.when("CopyObject", times=1).delay(4)
    slow.where(lambda request: goods.top in request.key)
    before = tally(rig)
    prefix_id = prefix_goods.move(rig, goods)
    status = rig.mover.prefixes.status

    until(lambda: status(prefix_id).copied == 5)
    going = status(prefix_id)
    record = prefix_goods.wait(rig, prefix_id)

    assert (going.planned, going.moved, going.copied_bytes) == (6, 0, 160)
    assert going.rate
    assert going.eta
    assert (record.planned, record.copied, record.copied_bytes) == (0, 0, 0)
    assert record.rate == pytest.approx(
        6 / (record.finished_at - record.started_at).total_seconds()  # type: ignore[operator]
    )
    assert not [name for name in rig.redis.hkeys(prefix_key(prefix_id)) if "copied:" in name]
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)
    assert grown(rig, before) == {
        "prefixes:accepted": 1,
        "prefixes:finished:done": 1,
        "prefixes:bytes": 192,
        "objects:moved": 6,
    }


def tally(rig: Rig) -> dict[str, str]:
    return cast("dict[str, str]", rig.redis.hgetall(TALLY))


def grown(rig: Rig, before: dict[str, str]) -> dict[str, int]:
    """Return by how much the counts of prefixes have grown; pages that are open no more, by 0."""
    after = {
        name: int(float(value)) - int(float(before.get(name, 0)))
        for name, value in tally(rig).items()
        if name.startswith(("prefixes", "objects", "pages"))
    }
    return {name: by for name, by in after.items() if by}


def cli(rig: Rig, *args: str) -> Result:
    env = {"S3MOVER_BROKER_URL": rig.fleet.valkey.url}
    return CliRunner(env=env).invoke(main, args)


def test_the_report_of_all_pages_comes_as_a_file_of_either_format(rig: Rig, tmp_path: Path) -> None:
    goods = prefix_goods.put(rig, 1003, large=1)
    refused = "00007.txt"
    rule = rig.gateway.when("CopyObject").respond(403, "AccessDenied")
    rule.where(lambda request: request.key == f"{goods.top}/to/{refused}")
    before = tally(rig)
    prefix_id = prefix_goods.move(rig, goods)
    record = prefix_goods.wait(rig, prefix_id)
    counts = grown(rig, before)
    lines, table = tmp_path / "lines.jsonl", tmp_path / "table.csv"

    for file in (lines, table):
        result = cli(rig, "report", prefix_id, "--output", str(file), "--timeout", "60")
        assert result.exit_code == 0, result.output
        assert f"{file}: 1004 lines" in result.output

    found = [json.loads(line) for line in lines.read_text().splitlines()]
    with table.open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert (record.moved, record.failed, len(found)) == (1003, 1, 1004)
    assert (counts["objects:moved"], counts["objects:failed"]) == (1003, 1)
    assert (counts["prefixes:bytes"], counts.get("pages")) == (record.moved_bytes, None)
    assert [row["source"] for row in rows] == [line["source"] for line in found]
    assert {row["source"] for row in rows} == {goods.source + name for name in goods.bodies}
    failed = next(row for row in rows if row["end"] == "failed")
    assert (failed["source"], failed["error"]) == (goods.source + refused, "AccessDenied")
    assert Counter(row["evidence"] for row in rows)["etag"] >= 1002
    assert not list(tmp_path.glob(".*"))
    told = json.loads(cli(rig, "--json", "report", prefix_id, "--format", "csv").output)
    assert told == {
        "id": prefix_id,
        "location": f"{record.report}report.csv",
        "lines": 1004,
        "whole": True,
        "size": table.stat().st_size,
        "error": None,
    }


def test_a_report_that_lacks_a_line_is_not_handed_out_as_whole(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 3)
    prefix_id = prefix_goods.move(rig, goods)
    record = prefix_goods.wait(rig, prefix_id)
    bucket, _, folder = (record.report or "").removeprefix("s3://").partition("/")
    for name in prefix_goods.keys(rig, bucket, folder):
        rig.s3.delete_object(Bucket=bucket, Key=folder + name)

    result = cli(rig, "report", prefix_id, "--format", "jsonl", "--timeout", "60")

    assert result.exit_code == 1
    assert "0 of 3 moved" in result.output
    assert not prefix_goods.keys(rig, bucket, folder)
    assert cli(rig, "report", "nobody", "--format", "csv", "--timeout", "60").exit_code == 1
