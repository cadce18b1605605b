"""All lines of a report in one object: the page's files are read one by one, and streamed on."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import driver
from driver import Location, Permanent
from s3mover import prefix_journal
from s3mover.prefix_report import COLUMNS, PrefixReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from s3mover import PrefixRecord
    from s3mover.prefix_report import ReportFormat
    from tasks.deployment import Deployment


_VALID = timedelta(hours=1)


class ReportIncomplete(Permanent):
    """The report has other lines than the move has counted objects."""

    driver_name = ""


def join(here: Deployment, prefix_id: str, form: ReportFormat) -> PrefixReport:
    """
    Write the report as one object; a second time it is the same again.

    In the memory of two parts and of one page's lines. Raises the driver's errors, and
    ReportIncomplete of a move that has ended.
    """
    record = prefix_journal.read(here.redis, prefix_id)  # before the files: there may come more
    folder = _folder(record)
    target = Location(folder.bucket, f"{folder.key}report.{form}")
    ends: Counter[str] = Counter()
    with driver.writer_at(here.s3, here.settings.s3, target) as writer:
        try:
            if form == "csv":
                writer.write(_csv([COLUMNS]))
            for lines in _pages(here, folder):
                objects = [json.loads(line) for line in lines]
                ends.update(str(each["end"]) for each in objects)
                writer.write(_csv(map(row, objects)) if form == "csv" else b"".join(lines))
            if record.state.final:
                _check(record, ends)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        size = writer.size
    return PrefixReport(
        id=prefix_id,
        location=str(target),
        lines=ends.total(),
        whole=record.state.final,
        size=size,
        url=driver.url_at(here.s3, here.settings.s3, target, _VALID),
    )


def row(facts: Mapping[str, Any]) -> list[object]:
    """Return the cells of an object."""
    evidence, error = facts.get("evidence") or {}, facts.get("error") or {}
    flat: dict[str, Any] = {
        **facts,
        "evidence": evidence.get("kind"),
        "evidence_detail": evidence.get("detail"),
        "error": error.get("code"),
        "error_message": error.get("message"),
    }
    return [flat.get(name) for name in COLUMNS]


def _folder(record: PrefixRecord) -> Location:
    bucket, _, key = (record.report or "").removeprefix("s3://").partition("/")
    if not (record.report or "").startswith("s3://"):
        raise ReportIncomplete(f"there is no report: {record.report or 'the move was not begun'}")
    return Location(bucket, key)


def _pages(here: Deployment, folder: Location) -> Iterator[list[bytes]]:
    """Yield the lines of each file, in the order of the pages."""
    cursor, is_first = "", True
    pages = Location(folder.bucket, f"{folder.key}page-")
    while cursor or is_first:
        found, cursor = driver.list_page(here.s3, pages, cursor, versions=False)
        is_first = False
        for each in found:
            text = driver.read_note(here.s3, Location(folder.bucket, each.key))
            yield text.splitlines(keepends=True)


def _check(record: PrefixRecord, ends: Counter[str]) -> None:
    names = ("moved", "skipped", "failed")
    counted = {name: getattr(record, name) for name in names}
    if any(ends[name] != number for name, number in counted.items()):
        found = ", ".join(f"{ends[name]} of {counted[name]} {name}" for name in names)
        raise ReportIncomplete(f"lines of the report are missing, or are too many: {found}")


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
