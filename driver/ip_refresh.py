"""Amazon's address ranges, read at the start and again from time to time."""

import logging
import threading
import time
from collections.abc import Collection
from datetime import timedelta
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    UnknownHandler,
)

from driver.ip_ranges import IpRanges, read_ranges

logger = logging.getLogger(__name__)

TIMEOUT = 10
"""Seconds without a byte."""

DEADLINE = 60
"""Seconds for the whole document, and for which a new driver waits for it."""

MAX_SIZE = 32 * 1024**2
"""Bytes; Amazon's own document has 2 MB (2026-11)."""

CHUNK = 64 * 1024


class RefreshedRanges:
    """
    The ranges at a URL, read on creation, then every `every` by a thread until `close`.

    What cannot be read is a warning, and the former ranges stay; without any, `in` is False.
    """

    def __init__(self, url: str, every: timedelta, regions: Collection[str]) -> None:
        self._url = url
        self._every = min(every.total_seconds(), threading.TIMEOUT_MAX)
        self._regions = frozenset(regions)
        self._ranges: IpRanges | None = None
        self._closed = threading.Event()
        self._read = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ip-ranges", daemon=True)
        self._thread.start()
        if not self._read.wait(DEADLINE):
            logger.warning("iprangesurl is not read yet: all clients get CloudFront's URLs")

    def __contains__(self, address: str | None) -> bool:
        ranges = self._ranges
        return ranges is not None and address in ranges

    def close(self) -> None:
        """Stop reading; the ranges stay. A read that is under way is not waited for."""
        self._closed.set()

    def _run(self) -> None:
        self._refresh()
        self._read.set()
        while not self._closed.wait(self._every):
            self._refresh()

    def _refresh(self) -> None:
        try:
            ranges = read_ranges(fetch(self._url), self._regions)
        except Exception as error:  # noqa: BLE001 - whatever it is, URLs are to be made on
            kept = "the former ranges stay" if self._ranges else "all clients get CloudFront's URLs"
            logger.warning("iprangesurl was not read, %s: %s", kept, error)
            return
        if not ranges:
            logger.warning("iprangesurl has no networks; check awsregion for a misspelt name")
        self._ranges = ranges


def fetch(url: str) -> bytes:
    """Return what is at an HTTP URL; OSError or ValueError if it is not to be had in bounds."""
    deadline = time.monotonic() + DEADLINE
    content = bytearray()
    with _opener().open(url, timeout=TIMEOUT) as response:
        while chunk := response.read1(CHUNK):
            content += chunk
            if len(content) > MAX_SIZE:
                raise ValueError(f"it is larger than {MAX_SIZE} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError(f"it took more than {DEADLINE} seconds")
    return bytes(content)


def _opener() -> OpenerDirector:
    """Return one that knows HTTP alone: urllib's own follows file: and ftp: too."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPRedirectHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
