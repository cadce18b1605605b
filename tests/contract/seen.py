"""What a storage shows of itself."""

from driver.base import StorageDriver
from driver.files import FileInfo


def walked(storage: StorageDriver, path: str = "/", start_after: str = "") -> list[FileInfo]:
    found: list[FileInfo] = []
    storage.walk(path, found.append, start_after)
    return found


def files(storage: StorageDriver, path: str = "/", start_after: str = "") -> list[str]:
    """Return the paths of all files below, in the order of the walk."""
    return [each.path for each in walked(storage, path, start_after) if not each.is_directory]


def contents(storage: StorageDriver) -> dict[str, bytes]:
    """Return all there is."""
    return {path: storage.get_content(path) for path in files(storage)}
