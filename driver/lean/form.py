"""The parameters of a copy as a URL and headers, by botocore's model of the operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.handlers import handle_copy_source_param

from driver.lean.errors import NotPlain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel


@dataclass(frozen=True, slots=True)
class Filled:
    """What of a request depends on its parameters."""

    path: str
    """The key, quoted, and the query."""
    headers: dict[str, str]
    """Names in lower case."""


class Form:
    """How the parameters of one operation are sent: strings, numbers and booleans."""

    def __init__(self, model: OperationModel) -> None:
        shape: Any = model.input_shape
        self._places = {name: _place(member) for name, member in shape.members.items()}

    def fill(self, given: Mapping[str, Any]) -> Filled:
        """Return the parts of the request; `NotPlain` if a parameter is not."""
        given = dict(given)
        handle_copy_source_param(given)
        headers, query = {}, []
        for name, value in given.items():
            location, wire, kind = self._places.get(name, ("", "", ""))
            if location == "header":
                headers[wire] = _text(value, kind)
            elif location == "querystring":
                query.append(f"{wire}={quote(_text(value, kind), safe='-._~')}")
            elif name not in {"Bucket", "Key"}:
                raise NotPlain(name)
        if not _is_key(given.get("Key")):
            raise NotPlain("Key")
        path = quote(given["Key"], safe="/~")
        return Filled(f"{path}?{'&'.join(query)}" if query else path, headers)


def _place(member: Any) -> tuple[str, str, str]:
    """Return where a parameter is sent, under which name, and its type."""
    location, wire = member.serialization.get("location", ""), member.serialization["name"]
    return location, wire.lower() if location == "header" else wire, member.type_name


def _is_key(key: object) -> bool:
    return isinstance(key, str) and bool(key)


def _text(value: object, kind: str) -> str:
    if kind == "string" and type(value) is str and value.isascii() and value.isprintable():
        return value
    if kind == "boolean" and type(value) is bool:
        return "true" if value else "false"
    if kind == "integer" and type(value) is int:
        return str(value)
    raise NotPlain(kind)
