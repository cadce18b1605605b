"""Good answers to copies, as boto3 returns them."""

from __future__ import annotations

import re
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import unescape

from driver.lean.errors import NotPlain

if TYPE_CHECKING:
    from botocore.model import OperationModel

    from driver.lean.plain import Reply

_DOCUMENT = re.compile(
    rb"(?:<\?xml[^<>]*\?>\s*)?<(\w+)(?:\s[^<>]*)?>\s*((?:<\w+>[^<]*</\w+>\s*)*)</\1>"
)
_FIELD = re.compile(rb"<(\w+)>([^<]*)</(\w+)>")
_ENTITIES = {"&quot;": '"', "&apos;": "'", "&#34;": '"', "&#39;": "'"}


class Reading:
    """How the good answers to one operation are read."""

    def __init__(self, model: OperationModel) -> None:
        output: Any = model.output_shape
        self._payload = output.serialization["payload"]
        self._fields = {
            member.serialization.get("name", name): (name, member.type_name)
            for name, member in output.members[self._payload].members.items()
        }
        self._headers = {
            member.serialization["name"].lower(): (name, member.type_name)
            for name, member in output.members.items()
            if member.serialization.get("location") == "header"
        }

    def read(self, reply: Reply) -> dict[str, Any]:
        """Return boto3's answer; `NotPlain` for all that is no plain success."""
        if reply.status_code != HTTPStatus.OK or not reply.body.isascii():
            raise NotPlain("answer")
        answer: dict[str, Any] = {
            self._headers[name][0]: _value(text, self._headers[name][1])
            for name, text in reply.headers.items()
            if name in self._headers
        }
        return answer | {
            self._payload: self._document(reply.body),
            "ResponseMetadata": {
                "RequestId": reply.headers.get("x-amz-request-id"),
                "HostId": reply.headers.get("x-amz-id-2"),
                "HTTPStatusCode": reply.status_code,
                "HTTPHeaders": dict(reply.headers),
                "RetryAttempts": 0,
            },
        }

    def _document(self, body: bytes) -> dict[str, Any]:
        found = _DOCUMENT.fullmatch(body.strip())
        # S3 may also say 200 and put an error into the body (S3 API, CopyObject, 2026-11).
        if not found or found[1].decode() != self._payload:
            raise NotPlain("document")
        result: dict[str, Any] = {}
        for begin, text, end in _FIELD.findall(found[2]):
            name, kind = self._fields.get(begin.decode(), ("", ""))
            if begin != end or name in result:
                raise NotPlain("field")
            if name:
                result[name] = _value(_text(text), kind)
        return result


def _text(text: bytes) -> str:
    decoded = text.decode()
    if "&" not in decoded:
        return decoded
    if re.search(r"&(?!(?:quot|apos|amp|lt|gt|#34|#39);)", decoded):
        raise NotPlain("entity")
    return unescape(decoded, _ENTITIES)


def _value(text: str, kind: str) -> Any:
    if kind == "string":
        return text
    if kind == "boolean":
        return text.lower() == "true"
    if kind == "timestamp":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise NotPlain(text) from None
    raise NotPlain(kind)
