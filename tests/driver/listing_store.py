"""A store of keys that answers listings as a client does, in an order of its own."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from threading import Lock
from typing import Any

NOW = datetime(2026, 11, 24, tzinfo=UTC)

Order = Callable[[str], Any]


def by_bytes(key: str) -> bytes:
    return key.encode()


def by_component(key: str) -> list[str]:
    """Sort as stores do that keep keys as paths: SeaweedFS (4.48, 2026-11)."""
    return key.split("/")


class ListingStore:
    """Stands for a client of S3; pages are short."""

    def __init__(self, keys: Iterable[str], order: Order = by_bytes, page: int = 3) -> None:
        self.order, self.page = order, page
        self.keys = sorted(set(keys), key=order)
        self.seen: Counter[str] = Counter()
        self._lock = Lock()

    def put_object(self, **asked: Any) -> None:
        with self._lock:
            self.keys = sorted({*self.keys, asked["Key"]}, key=self.order)

    def head_object(self, **_: Any) -> dict[str, Any]:
        return {"ETag": '"e"', "ContentLength": 7, "LastModified": NOW, "Metadata": {}}

    def delete_object(self, **asked: Any) -> None:
        with self._lock:
            self.keys.remove(asked["Key"])

    def list_objects_v2(self, **asked: Any) -> dict[str, Any]:
        start = asked.get("ContinuationToken") or asked.get("StartAfter", "")
        with self._lock:
            self.seen["ListObjectsV2"] += 1
            shown = self._after(asked["Prefix"], start)
            if "Delimiter" in asked:
                return _folders(asked["Prefix"], shown)
            page, is_cut = _page(shown, min(asked["MaxKeys"], self.page))
            answer = {"Contents": [_entry(key) for key in page], "IsTruncated": is_cut}
            return answer | ({"NextContinuationToken": page[-1]} if is_cut else {})

    def list_object_versions(self, **asked: Any) -> dict[str, Any]:
        """List the versions; each key has an old one, too."""
        start = asked.get("KeyMarker", "")
        with self._lock:
            self.seen["ListObjectVersions"] += 1
            rest = [(start, "1")] if asked.get("VersionIdMarker") == "2" else []
            both = ((key, n) for key in self._after(asked["Prefix"], start) for n in ("2", "1"))
            page, is_cut = _page(chain(rest, both), min(asked["MaxKeys"], self.page))
            entries = [
                {**_entry(key), "VersionId": version, "IsLatest": version == "2"}
                for key, version in page
            ]
            answer = {"Versions": entries, "IsTruncated": is_cut}
            names = ("NextKeyMarker", "NextVersionIdMarker")
            return answer | (dict(zip(names, page[-1], strict=True)) if is_cut else {})

    def _after(self, prefix: str, start: str) -> Iterator[str]:
        first = bisect_right(self.keys, self.order(start), key=self.order) if start else 0
        return (key for key in self.keys[first:] if key.startswith(prefix))


def _page(rest: Iterator[Any], size: int) -> tuple[list[Any], bool]:
    page = list(islice(rest, size + 1))
    return page[:size], len(page) > size


def _folders(prefix: str, keys: Iterable[str]) -> dict[str, Any]:
    rests = [key.removeprefix(prefix).partition("/") for key in keys]
    folders = sorted({prefix + name + slash for name, slash, _ in rests if slash})
    return {
        "Contents": [_entry(prefix + name) for name, slash, _ in rests if not slash],
        "CommonPrefixes": [{"Prefix": folder} for folder in folders],
    }


def _entry(key: str) -> dict[str, Any]:
    return {"Key": key, "Size": 1, "ETag": '"e"', "LastModified": NOW, "StorageClass": "STANDARD"}
