"""Whether a store lists keys in the order of their bytes, and begins a listing at any name."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from config import S3Settings
from driver.errors import Permanent
from driver.locations import Location
from driver.notes import remove_note, reserved
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

# Stores that keep keys as paths, compare without case, or as UTF-16, sort these differently.
_NAMES = ("a!", "a-b", "a/b", "a/b/c", "a0", "a0/b", "aB", "ab", "aé", "a\uff5e", "a\U0001f600")
_STARTS = ("a", "a!", "a.", "a/", "a/b", "a/b/", "a0", "a1", "aC", "a~", "a\uff5f")
_PAGE = 3


def sorts_by_bytes(
    client: "S3Client", settings: S3Settings, bucket: str, *, versions: bool
) -> bool:
    """
    Tell whether listings may be split at any name.

    Amazon S3 says that it sorts so, but for directory buckets. A store with an endpoint of its own
    has to show it, with a few objects of the mover's own; SeaweedFS does not (4.48, 2026-11).
    """
    if not settings.regionendpoint:
        return not bucket.endswith("--x-s3")
    return not versions and _shows_it(client, reserved(settings, bucket, "probes/"))


@lru_cache(maxsize=100)
def _shows_it(client: "S3Client", folder: Location) -> bool:
    place = Location(folder.bucket, f"{folder.key}{uuid4().hex}/")
    notes = [Location(place.bucket, place.key + name) for name in _NAMES]
    with ThreadPoolExecutor(len(notes), thread_name_prefix="order") as pool:
        try:
            list(pool.map(lambda note: _put(client, note), notes))
            listed = pool.map(lambda start: list(_listed(client, place, start)), ("", *_STARTS))
            return all(
                found == [name for name in _NAMES if name > start]
                for start, found in zip(("", *_STARTS), listed, strict=True)
            )
        except Permanent:
            return False
        finally:
            list(pool.map(lambda note: remove_note(client, note), notes))


def _put(client: "S3Client", note: Location) -> None:
    with translated("PutObject", target=note):
        client.put_object(**note.address, Body=b"s3mover")


def _listed(client: "S3Client", place: Location, start: str) -> Iterator[str]:
    more: dict[str, Any] = {"StartAfter": place.key + start} if start else {}
    for _ in range(len(_NAMES)):
        with translated("ListObjectsV2", source=place):
            answer = client.list_objects_v2(
                Bucket=place.bucket, Prefix=place.key, MaxKeys=_PAGE, **more
            )
        yield from (each["Key"].removeprefix(place.key) for each in answer.get("Contents", []))
        if not answer.get("NextContinuationToken"):
            return
        more = {"ContinuationToken": answer["NextContinuationToken"]}
