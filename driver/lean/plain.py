"""Plain HTTP answers: one status line, no header twice, a body of a told length or in chunks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from driver.lean.errors import NotPlain

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 64 * 1024
"""Bytes; the answer to a copy has a few hundred."""

_BODILESS = ("204", "304")
_END = b"\r\n"
_HEX = re.compile(rb"[0-9A-Fa-f]{1,8}")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; the names of its headers are in lower case."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes
    keeps: bool = True
    """Whether the connection may be used again."""


def plain(received: bytes) -> Reply | None:
    """Return the answer, None as long as a part of it is missing; `NotPlain` if it is odd."""
    head, found, rest = received.partition(b"\r\n\r\n")
    if len(received) > LONGEST or not head.startswith(b"HTTP/1.1 "[: len(head)]):
        raise NotPlain("answer")
    if not found:
        return None
    status, *lines = head.decode("latin-1").split("\r\n")
    code, headers = status[9:12], _headers(lines)
    if not (code.isdecimal() and code >= "200") or code in _BODILESS:
        raise NotPlain(status)
    body = _body(headers, rest)
    if body is None:
        return None
    connection = headers.get("connection", "keep-alive").lower()
    return Reply(int(code), headers, body, keeps=connection == "keep-alive")


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.lower()
        if not colon or name in headers or not name or name[0].isspace():
            raise NotPlain(name)
        headers[name] = value.strip()
    return headers


def _body(headers: Mapping[str, str], rest: bytes) -> bytes | None:
    length, coding = headers.get("content-length"), headers.get("transfer-encoding")
    if coding is not None:
        if coding.lower() != "chunked" or length is not None:
            raise NotPlain(coding)
        return _of_chunks(rest)
    if length is None or not length.isdecimal() or len(rest) > int(length):
        raise NotPlain("length")
    return rest if len(rest) == int(length) else None


def _of_chunks(rest: bytes) -> bytes | None:
    body = b""
    while True:
        size, found, rest = rest.partition(_END)
        if not found:
            return None
        if not _HEX.fullmatch(size):  # it has an extension
            raise NotPlain("chunk")
        length = int(size, 16)
        chunk, end, rest = rest[:length], rest[length : length + 2], rest[length + 2 :]
        if len(end) < len(_END):
            return None
        if end != _END or (rest and not length):  # trailers, or what nobody has asked for
            raise NotPlain("chunk")
        if not length:
            return body
        body += chunk
