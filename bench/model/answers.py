"""Answers as S3 gives them, as the bytes that go over the wire."""

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from xml.sax.saxutils import escape

from bench.model.errors import S3Error
from bench.model.request import Request

XML = "Content-Type: application/xml\r\n"

_reasons = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_serials = count(1)


@lru_cache(maxsize=64)
def http_date(second: int) -> str:
    return formatdate(second, usegmt=True)


@lru_cache(maxsize=1024)
def xml_date(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(second))


def answer(status: int, body: bytes = b"", *, fields: str = "", length: int | None = None) -> bytes:
    """Return a whole answer; `fields` are headers, each with its line end."""
    size = len(body) if length is None else length
    head = (
        f"HTTP/1.1 {_reasons[status]}\r\nx-amz-request-id: {next(_serials):016X}\r\n"
        f"Date: {http_date(int(time.time()))}\r\n{fields}Content-Length: {size}\r\n"
        "Server: AmazonS3\r\n\r\n"
    )
    return head.encode("latin-1") + body


def document(root: str, content: str, *, fields: str = "") -> bytes:
    """Return a 200 with an XML document of S3's namespace."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{content}</{root}>'
    )
    return answer(HTTPStatus.OK, body.encode(), fields=XML + fields)


def failure(error: S3Error, request: Request) -> bytes:
    """Return an error's answer; to a HEAD, and of a 304, it is the status alone."""
    if request.method == "HEAD" or error.status == HTTPStatus.NOT_MODIFIED:
        return answer(error.status, fields=XML)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
        f"<BucketName>{escape(request.bucket)}</BucketName><Key>{escape(request.key)}</Key>"
        "<HostId>model</HostId></Error>"
    )
    return answer(error.status, body.encode(), fields=XML)


def etag_field(etag: str) -> str:
    return f'ETag: "{etag}"\r\n'


def etag_element(etag: str) -> str:
    return f"<ETag>&quot;{etag}&quot;</ETag>"
