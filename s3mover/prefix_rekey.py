"""
How the names below a prefix become other names at the destination: a template with fields.

No regular expressions of the caller's: a template takes the same time for every name.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, StringConstraints

if TYPE_CHECKING:
    from datetime import datetime

DATES = {"year": "%Y", "month": "%m", "day": "%d", "hour": "%H"}
"""Of the time at which the object was written, in UTC."""

_NAMES = ("name", "dir", "base", "stem", "ext")
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<field>[a-z]+)(?::(?P<skip>[1-9]\d?))?\}|[{}]")


def check_rekey(template: str) -> str:
    """Return the template as given, or raise ValueError that says what is wrong with it."""
    for match in _FIELD.finditer(template):
        field, skip = match["field"], match["skip"]
        if field is None and match[0] in {"{", "}"}:
            raise ValueError("a brace that is part of the name is written twice: {{ or }}")
        if field and field not in {*_NAMES, *DATES}:
            known = ", ".join(f"{{{name}}}" for name in (*_NAMES, *DATES))
            msg = f"{{{field}}} is no field; there are {known}, and {{name:N}}"
            raise ValueError(msg)
        if skip and field != "name":
            raise ValueError("only {name:N} leaves off the first N folders")
    if not {"name", "name:", "base", "stem"} & set(_fields(template)):
        raise ValueError("all objects would get one name: use {name}, {base} or {stem}")
    return template


def needs_date(template: str | None) -> bool:
    """Tell whether a new name takes the time at which the object was written."""
    return template is not None and not DATES.keys().isdisjoint(_fields(template))


def is_one_to_one(template: str | None) -> bool:
    """
    Tell whether no two names can become one; False also where that is not seen easily.

    The old name is seen in the new one if all else that varies has a fixed width.
    """
    if template is None:
        return True
    plain = template.replace("{stem}{ext}", "{base}").replace("{dir}{base}", "{name}")
    fields = [field for field in _fields(plain) if field not in DATES]
    return fields == ["name"] or (fields == ["dir", "base"] and _is_kept_apart(plain))


def _is_kept_apart(template: str) -> bool:
    """Tell whether the last slash of a new name is the one after its folders."""
    return "/" not in template.partition("{dir}")[2]


def rekeyed(template: str, name: str, modified: datetime | None) -> str:
    """Return the new name of an object; empty if the template makes none of it."""

    def value(match: re.Match[str]) -> str:
        field = match["field"]
        if field is None:
            return match[0][0]
        if field in DATES:
            return modified.astimezone(UTC).strftime(DATES[field]) if modified else ""
        return _part(name, field, int(match["skip"] or 0))

    return _FIELD.sub(value, template)


def _part(name: str, field: str, skip: int) -> str:
    folder, slash, base = name.rpartition("/")
    if field == "name":
        return name.split("/", min(skip, name.count("/")))[-1]
    if field == "dir":
        return folder + slash
    stem, dot, ext = base.rpartition(".")
    if not stem.strip("."):  # as of .bashrc, and of a name without a dot
        stem, dot, ext = base, "", ""
    return {"base": base, "stem": stem, "ext": dot + ext}[field]


def _fields(template: str) -> list[str]:
    """Return the fields in their order; `name:` is one that leaves folders off."""
    return [
        match["field"] + (":" if match["skip"] else "")
        for match in _FIELD.finditer(template)
        if match["field"]
    ]


Rekey = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1024),
    AfterValidator(check_rekey),
    Field(examples=["{year}/{month}/{name}"]),
]
