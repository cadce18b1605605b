"""Fetch pip's own wheel, for a Debian without python3-venv: Python can run it as it is."""

import hashlib
import re
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

INDEX = "https://pypi.org/simple/pip/"


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return bytes(answer.read())


def main(version: str, directory: str) -> None:
    name = f"pip-{version}-py3-none-any.whl"
    link = re.search(rf'href="([^"]*/{re.escape(name)})#sha256=([0-9a-f]+)"', fetch(INDEX).decode())
    if link is None:
        sys.exit(f"{INDEX} has no {name}: install python3-venv, then call make again")
    wheel = fetch(urljoin(INDEX, link[1]))
    if hashlib.sha256(wheel).hexdigest() != link[2]:
        sys.exit(f"{name} does not match its digest: call make again")
    Path(directory, name).write_bytes(wheel)


if __name__ == "__main__":
    main(*sys.argv[1:])
