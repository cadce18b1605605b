"""A request to S3, parsed from HTTP/1.1, path-style."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from bench.model.errors import S3Error


@dataclass(slots=True)
class Request:
    """One request; `headers` are named in lower case, `query` and `key` are decoded."""

    method: str
    bucket: str
    key: str
    query: dict[str, str]
    headers: dict[str, str]
    length: int
    """Bytes of the body."""
    body: bytes = b""

    def integer(self, name: str, default: int) -> int:
        """Return a query parameter that S3 defines as a number."""
        try:
            return int(self.query.get(name, default))
        except ValueError as error:
            raise S3Error("InvalidArgument", f"{name} is not a number") from error


def parse(head: bytes) -> Request:
    """Return the request whose line and headers are `head`; ValueError if it is none."""
    line, *fields = head.decode("latin-1").split("\r\n")
    method, target, _ = line.split(" ")
    pairs = (field.partition(":") for field in fields)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    path, _, query = target.partition("?")
    bucket, _, key = path[1:].partition("/")
    return Request(
        method=method,
        bucket=bucket,
        key=unquote(key) if "%" in key else key,
        query=_query(query),
        headers=headers,
        length=int(headers.get("content-length", 0)),
    )


def _query(text: str) -> dict[str, str]:
    if "%" in text or "+" in text:
        return dict(parse_qsl(text, keep_blank_values=True))
    # Four times as fast, and what nearly every request has.
    pairs = (field.partition("=") for field in text.split("&") if field)
    return {name: value for name, _, value in pairs}
