"""The tables of `docs/driver.md`, made of the settings: `python -m config.table`."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ByteSize, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from config.cloudfront import CloudFrontSettings
from config.names import variable
from config.s3 import MIB, S3Settings
from config.settings import Settings
from config.values import MAX_INT

PAGE = Path(__file__).parents[1] / "docs" / "driver.md"

HEAD = "| parameter | default | what it is | values |\n| --- | --- | --- | --- |\n"

REQUIRED = frozenset({"region", "bucket", "baseurl", "privatekey", "keypairid"})
SECTIONS = frozenset({"s3", "cloudfront"})


def tables() -> dict[str, str]:
    """Return each table by the name of its place in the page."""
    rest = [
        (f"`{variable(name)}`", name, field)
        for name, field in Settings.model_fields.items()
        if name not in SECTIONS
    ]
    return {
        "s3 parameters": _table(_named(S3Settings)),
        "cloudfront options": _table(_named(CloudFrontSettings)),
        "settings": _table(iter(rest)),
    }


def filled(page: str) -> str:
    """Return the page with the tables of today in it."""
    for name, table in tables().items():
        begin, end = f"<!-- {name} -->\n", "<!-- end -->"
        before, found, after = page.partition(begin)
        if not found:
            raise ValueError(f"the page has no place for the table: {begin}")
        page = before + begin + table + end + after.partition(end)[2]
    return page


def _named(group: type[BaseModel]) -> Iterator[tuple[str, str, FieldInfo]]:
    return ((f"`{name}`", name, field) for name, field in group.model_fields.items())


def _table(rows: Iterator[tuple[str, str, FieldInfo]]) -> str:
    return HEAD + "".join(
        f"| {title} | {_default(name, field)} | {_described(field)} | {_values(field)} |\n"
        for title, name, field in rows
    )


def _described(field: FieldInfo) -> str:
    return " ".join((field.description or "").split()).replace("|", "\\|")


def _default(name: str, field: FieldInfo) -> str:
    if name in REQUIRED:
        return "required"
    value = field.get_default()
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in {None, "", (), frozenset(), PydanticUndefined}:
        return "none"
    if isinstance(value, timedelta):
        return f"`{_go(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`{_in_units(value)}"


def _go(duration: timedelta) -> str:
    seconds = int(duration.total_seconds())
    unit, length = next(
        each for each in (("h", 3600), ("m", 60), ("s", 1)) if not seconds % each[1]
    )
    return f"{seconds // length}{unit}"


def _values(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return " ".join(f"`{value}`" for value in get_args(field.annotation))
    if field.annotation in {bool, bool | None}:
        return "`true` `false`"
    if field.annotation is timedelta:
        return "a duration such as `3000s`"
    if field.annotation is float:
        return "a number above 0"
    bounds = _bounds(field)
    if bounds is None:
        return "text"
    *numbers, word = bounds
    lowest, highest = (f"{value}{_in_units(value)}" for value in numbers)
    text = f"{lowest} or more" if highest == str(MAX_INT) else f"{lowest} to {highest}"
    return f"{text}, or `{word}`" if word else text


def _bounds(field: FieldInfo) -> tuple[int, int, str] | None:
    for each in field.metadata:
        if isinstance(each, BeforeValidator) and isinstance(each.func, partial):
            found = each.func.keywords
            return found["minimum"], found["maximum"], found["word"]
    return None


def _in_units(value: object) -> str:
    if isinstance(value, int) and value and not value % MIB:
        return f" ({ByteSize(value).human_readable(separator=' ').replace('.0', '')})"
    return ""


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
