"""Driver paths: which there are, and which keys they have."""

import re
from dataclasses import dataclass

from driver.errors import InvalidPathError

ROOT = "/"
PATH = re.compile(r"(/[A-Za-z0-9._-]+)+")

RESERVED = "~s3mover/"
"""Below the root directory: what the driver keeps for itself. No path reaches it: no `~`."""


def check_path(path: str, *, root: bool = False) -> str:
    """Return the path; `InvalidPathError` if it is not one. `/` is one where `root` says so."""
    if PATH.fullmatch(path) or (root and path == ROOT):
        return path
    raise InvalidPathError(path)


def has_dots(key: str) -> bool:
    """Tell whether a component is `.` or `..`, which clients of URLs and file systems resolve."""
    return not {".", ".."}.isdisjoint(key.split("/"))


def parent_of(path: str) -> str:
    return path.rpartition("/")[0] or ROOT


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of paths below a root directory."""

    rootdirectory: str

    def key(self, path: str) -> str:
        """Return the key of a file."""
        return (self.rootdirectory.rstrip("/") + path).lstrip("/")

    def prefix(self, path: str) -> str:
        """Return what the keys of all files below a directory begin with."""
        return self.key(path if path == ROOT else f"{path}/")

    def path(self, key: str) -> str | None:
        """Return the path of a key; None for one that is no path, such as a folder marker."""
        path = f"/{key.removeprefix(self.prefix(ROOT))}"
        return path if PATH.fullmatch(path) else None
