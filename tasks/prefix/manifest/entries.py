"""What a line of a manifest says of an object."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote_plus

from s3mover.locations import MAX_KEY_BYTES, parse_uri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["csv", "jsonl", "inventory"]

_COLUMNS = {
    2: ("bucket", "key"),
    3: ("bucket", "key", "versionid"),
    5: ("bucket", "key", "versionid", "size", "etag"),
}
"""Of a line of CSV without a first line of names; two and three are S3 Batch Operations' own."""

_EXAMPLE = 200


class NotMeant(Exception):
    """The line is of an object that is not to be moved: it was moved, or is no current version."""


class Malformed(ValueError):
    """The line names no object; the text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as a manifest names it; empty or None: it does not say."""

    bucket: str
    key: str
    version_id: str | None = None
    size: int | None = None
    etag: str = ""
    storageclass: str = ""
    modified: datetime | None = None


def header_of(line: str) -> list[str]:
    """Return the columns that a first line names, in small letters; empty if it names none."""
    try:
        names = [_plain(each) for each in _cells(line)]
    except Malformed:
        return []
    is_header = names[:1] == ["source"] or (names[:1] in [["bucket"], ["key"]] and "key" in names)
    return names if is_header else []


def schema_of(text: str) -> list[str]:
    """Return the columns of an S3 Inventory: `Bucket, Key, …`."""
    return [_plain(each) for each in text.split(",")]


def entry_of(line: bytes, kind: Kind, columns: Sequence[str], bucket: str) -> Entry:
    """Return what the line names, in `bucket` where it does not say; Malformed or NotMeant."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise Malformed("it is not UTF-8") from None
    try:
        found = _of_json(text) if kind == "jsonl" else _of_csv(text, columns)
        entry = _entry(found, bucket)
        length = len(entry.key.encode())
    except UnicodeError:
        raise Malformed("its key is not valid Unicode") from None
    except ValueError as error:
        raise Malformed(str(error)) from None
    if not 0 < length <= MAX_KEY_BYTES:
        raise Malformed(f"a key has 1 to {MAX_KEY_BYTES} bytes")
    return entry


def shown(line: bytes) -> str:
    """Return what a person needs of a line to know it again."""
    return line[:_EXAMPLE].decode(errors="replace").strip()


def _of_csv(text: str, columns: Sequence[str]) -> dict[str, Any]:
    cells = _cells(text)
    names = columns or _COLUMNS.get(len(cells))
    if names is None:
        raise Malformed(f"{len(cells)} columns: two, three or five, or a first line of names")
    if len(cells) != len(names):
        raise Malformed(f"{len(cells)} columns instead of {len(names)}")
    found: dict[str, Any] = dict(zip(names, cells, strict=True))
    if "source" in found:  # of a report, whose keys are as they are
        return _of_report(found) if "end" in found else found
    # A space is a plus in an S3 Inventory (cloud-custodian #1997, 2026-11), %20 elsewhere.
    found["key"] = unquote_plus(found["key"], errors="strict")
    return found


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise Malformed(f"it is not CSV: {error}") from None


def _of_json(text: str) -> dict[str, Any]:
    """Return the fields of a line: as the CSV names them, or of a line of our own report."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("it is not JSON") from None
    if not isinstance(read, dict):
        raise Malformed("it is not a JSON object")
    found = {_plain(name): value for name, value in read.items()}
    if "end" in found:
        return _of_report(found)
    return found


def _of_report(found: dict[str, Any]) -> dict[str, Any]:
    error = found.get("error") or {}
    code = error.get("code") if isinstance(error, dict) else error
    if found["end"] == "moved" or code in {"Duplicate", "SourceGone"}:
        raise NotMeant
    if code == "SourceChanged":  # what is meant is what is there now
        found = {"source": found.get("source")}
    elif found.get("etag"):  # the report leaves out what most objects are
        found["storageclass"] = found.get("storageclass") or "STANDARD"
    return found


def _entry(found: Mapping[str, Any], bucket: str) -> Entry:
    if _is(found.get("isdeletemarker"), "true") or _is(found.get("islatest"), "false"):
        raise NotMeant
    for name in ("bucket", "key", "versionid", "etag", "storageclass"):
        if not isinstance(found.get(name), str | None):
            raise Malformed(f"its {name} is no text")
    key = found.get("key")
    if found.get("source"):
        bucket, key = parse_uri(str(found["source"])) or ("", "")
    if not isinstance(key, str):
        raise Malformed("it has no key")
    modified = found.get("lastmodified") or found.get("lastmodifieddate")
    version = found.get("versionid") or ""
    return Entry(
        bucket=found.get("bucket") or bucket,
        key=key,
        version_id=None if version in {"", "null"} else version,
        size=_size(found.get("size")),
        etag=(found.get("etag") or "").strip('"'),
        storageclass=found.get("storageclass") or "",
        modified=_moment(str(modified)) if modified else None,
    )


def _size(found: object) -> int | None:
    if found is None or found == "":
        return None
    size = int(str(found))
    if size < 0:
        raise Malformed("its size is less than nothing")
    return size


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is(value: object, text: str) -> bool:
    return str(value).strip().lower() == text


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "").replace(" ", "").replace("-", "")
