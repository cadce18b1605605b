"""Getting a file by HTTP: all of it or nothing, in the memory of one block."""

from __future__ import annotations

import os
import tempfile
import urllib.request
from http.client import HTTPException
from pathlib import Path

_BLOCK = 1024**2
_PATIENCE = 30.0  # seconds without a byte


class DownloadFailed(Exception):
    """The file is as it was before."""


def download(url: str, target: Path, size: int) -> None:
    """Write what is at the URL to a file, which is replaced when all of it has come."""
    if not url.startswith(("https://", "http://")):
        raise DownloadFailed("the worker has answered with no URL of HTTP")
    try:
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(number, "wb") as file:
                came = _copy(url, file.fileno())
            if came != size:
                raise DownloadFailed(f"{came} bytes of {size} have come")
            _give_usual_rights(name)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except (OSError, HTTPException) as error:  # also of urllib
        raise DownloadFailed(f"not downloaded: {error}") from None


def _copy(url: str, file: int) -> int:
    came = 0
    with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310  # see above
        while block := answer.read(_BLOCK):
            came += os.write(file, block)
    return came


def _give_usual_rights(name: str) -> None:
    """Give a file the rights that it would have if it were not a temporary one."""
    mask = os.umask(0)
    os.umask(mask)
    Path(name).chmod(0o666 & ~mask)
