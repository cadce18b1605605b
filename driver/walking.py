"""The order and the rules of a walk over all files below a directory; no I/O."""

from collections.abc import Callable, Iterable, Iterator

from driver.files import FileInfo
from driver.paths import ROOT, parent_of

Visit = Callable[[FileInfo], None]


class SkipDirectory(Exception):
    """Raised by a visitor: nothing more of this directory, or of the file's directory."""


class StopWalk(Exception):
    """Raised by a visitor: nothing more; the walk ends without an error."""


def walk_over(root: str, files: Iterable[FileInfo], visit: Visit) -> None:
    """Visit all files below `root`, and each directory before what is in it."""
    skipped: str | None = None
    try:
        for found in with_directories(root, files):
            if skipped is not None and _is_below(found.path, skipped):
                continue
            try:
                visit(found)
            except SkipDirectory:
                skipped = found.path if found.is_directory else parent_of(found.path)
    except StopWalk:
        return


def with_directories(root: str, files: Iterable[FileInfo]) -> Iterator[FileInfo]:
    """
    Put each directory below `root` before the first of its files; those are adjacent.

    A directory among the files, such as the consoles of S3 make by a key that ends with a slash,
    is there once all the same.
    """
    last: list[str] = []
    for found in files:
        inside = found.path if found.is_directory else parent_of(found.path)
        parts = inside.removeprefix(root).strip("/").split("/")
        directories = [part for part in parts if part]
        known = _common(last, directories)
        for depth in range(known + 1, len(directories) + 1):
            below = "/".join(directories[:depth])
            yield FileInfo(f"{root.rstrip('/')}/{below}", is_directory=True)
        last = directories
        if not found.is_directory:
            yield found


def _common(one: list[str], other: list[str]) -> int:
    """Count the leading names that both have."""
    for count, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return count
    return min(len(one), len(other))


def _is_below(path: str, directory: str) -> bool:
    return directory == ROOT or path.startswith(f"{directory}/")
