"""What a storage driver tells of what it holds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One file, or one directory; a directory exists as long as there is a file below it."""

    path: str
    size: int = 0
    """Bytes; 0 for a directory."""
    modified: datetime | None = None
    """With a timezone; None for a directory."""
    is_directory: bool = False
