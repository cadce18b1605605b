"""What lines of manifests say, as their writers have them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from driver import Location
from s3mover.prefix_report import COLUMNS
from tasks.prefix import joining
from tasks.prefix.manifest.entries import (
    Entry,
    Malformed,
    NotMeant,
    entry_of,
    header_of,
    schema_of,
    shown,
)
from tasks.prefix.outcome import Outcome
from tasks.prefix.work import Item

SCHEMA = schema_of("Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag")


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("bbb,a/b.txt", Entry("bbb", "a/b.txt")),
        ("bbb,object%20key%2Bx+y", Entry("bbb", "object key+x y")),
        ('"bbb","a%2Cb","v1"', Entry("bbb", "a,b", "v1")),
        ("bbb,a,null", Entry("bbb", "a")),
        ('bbb,a,,17,"""e1"""', Entry("bbb", "a", None, 17, "e1")),
    ],
)
def test_a_line_of_csv_is_read_as_s3_batch_operations_does(line: str, entry: Entry) -> None:
    assert entry_of(line.encode(), "csv", (), "other") == entry


def test_a_first_line_names_the_columns() -> None:
    columns = header_of("Key,Size,ETag,Storage Class,owner")

    assert columns == ["key", "size", "etag", "storageclass", "owner"]
    found = entry_of(b"a,5,e,GLACIER,me", "csv", columns, "bbb")
    assert found == Entry("bbb", "a", None, 5, "e", "GLACIER")
    assert header_of("bbb,a") == []
    assert header_of("bbb,key") == []
    assert header_of('"') == []


def test_of_an_inventory_only_the_current_version_is_meant() -> None:
    line = '"bbb","a+b","v1","true","false","5","2026-11-24T20:00:00.000Z","e"'
    written = datetime(2026, 11, 24, 20, tzinfo=UTC)

    found = entry_of(line.encode(), "inventory", SCHEMA, "bbb")

    assert found == Entry("bbb", "a b", "v1", 5, "e", "", written)
    for other in (line.replace("true", "false"), line.replace('"false"', '"true"')):
        with pytest.raises(NotMeant):
            entry_of(other.encode(), "inventory", SCHEMA, "bbb")


@pytest.mark.parametrize(
    ("fields", "entry"),
    [
        ({"key": "a b+c"}, Entry("bbb", "a b+c")),
        ({"Key": "a", "Size": 5, "ETag": '"e"'}, Entry("bbb", "a", None, 5, "e")),
        ({"bucket": "ccc", "key": "a", "version_id": "v"}, Entry("ccc", "a", "v")),
        ({"source": "s3://ccc/a"}, Entry("ccc", "a")),
        ({"key": "a", "size": 0}, Entry("bbb", "a", None, 0)),
    ],
)
def test_a_line_of_json_is_read(fields: dict[str, Any], entry: Entry) -> None:
    assert entry_of(json.dumps(fields).encode(), "jsonl", (), "bbb") == entry


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        (b"bbb", "csv", "1 columns"),
        (b"a,b,c,d", "csv", "4 columns"),
        (b'bbb,"a', "csv", "not CSV"),
        (b"bbb,%FF", "csv", "Unicode"),
        (b"bbb,\xff", "csv", "not UTF-8"),
        (b"bbb,", "csv", "1 to 1024 bytes"),
        (b"bbb," + b"x" * 1025, "csv", "1 to 1024 bytes"),
        (b"bbb,a,,many,e", "csv", "invalid literal"),
        (b"nothing", "jsonl", "not JSON"),
        (b"[" * 100_000, "jsonl", "not JSON"),
        (b"[]", "jsonl", "not a JSON object"),
        (b"{}", "jsonl", "no key"),
        (b'{"key": 5}', "jsonl", "no text"),
        (b'{"key": "a", "size": [1]}', "jsonl", ""),
        (b'{"key": "a", "size": {}}', "jsonl", ""),
        (b'{"key": "a", "size": -1}', "jsonl", "less than nothing"),
        (b'{"key": "a", "version_id": ["x"]}', "jsonl", "versionid is no text"),
        (b'{"key": "\\ud800"}', "jsonl", "Unicode"),
        (b'{"source": "/a/b"}', "jsonl", "bytes"),
        (b'{"key": "a", "last_modified": "yesterday"}', "jsonl", "isoformat"),
    ],
)
def test_a_line_that_names_no_object_says_why(line: bytes, kind: Any, text: str) -> None:
    with pytest.raises(Malformed) as caught:
        entry_of(line, kind, (), "bbb")
    assert text in str(caught.value)
    assert len(shown(line)) <= 200


FROM, TO = Location("bbb", "a/"), Location("ccc", "b/")


def of(end: Any, code: str = "", **more: Any) -> bytes:
    item = Item(3, "x+y z", 5, "e", **more)
    return Outcome(item, end, code=code, message="m").line(FROM, TO).encode()


def test_the_lines_of_a_report_are_a_manifest_of_what_was_left() -> None:
    failed = entry_of(of("failed", "AccessDenied", version_id="v"), "jsonl", (), "bbb")
    changed = entry_of(of("failed", "SourceChanged"), "jsonl", (), "bbb")
    skipped = entry_of(of("skipped", "DestinationChanged", storageclass="GLACIER"), "jsonl", (), "")

    assert failed == Entry("bbb", "a/x+y z", "v", 5, "e", "STANDARD")
    assert changed == Entry("bbb", "a/x+y z")
    assert skipped == Entry("bbb", "a/x+y z", None, 5, "e", "GLACIER")
    for line in (of("moved"), of("skipped", "Duplicate"), of("skipped", "SourceGone")):
        with pytest.raises(NotMeant):
            entry_of(line, "jsonl", (), "bbb")
    with pytest.raises(Malformed):
        entry_of(of("failed", "MalformedEntry"), "jsonl", (), "bbb")


def test_a_report_as_csv_is_a_manifest_too() -> None:
    columns = header_of(",".join(COLUMNS))
    lines = [
        joining._csv([joining.row(json.loads(line))]).strip()
        for line in (
            of("failed", "AccessDenied", version_id="v"),
            of("failed", "SourceChanged"),
            of("moved"),
            of("skipped", "Duplicate", line=7),
        )
    ]

    assert entry_of(lines[0], "csv", columns, "") == Entry(
        "bbb", "a/x+y z", "v", 5, "e", "STANDARD"
    )
    assert entry_of(lines[1], "csv", columns, "") == Entry("bbb", "a/x+y z")
    for line in lines[2:]:
        with pytest.raises(NotMeant):
            entry_of(line, "csv", columns, "")
    assert lines[3].endswith(b",x+y z,7")
