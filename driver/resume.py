"""Finds the uncommitted upload that a writer goes on with."""

from collections.abc import Callable, Mapping
from itertools import count as count_from
from itertools import takewhile
from typing import TYPE_CHECKING

from config import S3Settings
from driver.errors import NoSuchUpload
from driver.locations import Location
from driver.multipart import Upload, list_parts, list_uploads
from driver.parts import MIN_PART_SIZE, Part
from driver.s3_writer import S3Writer, TailOf
from driver.tails import load_stale, load_tail, save_stale
from driver.uploading import UploadedParts

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def resume_writer(
    client: "S3Client",
    settings: S3Settings,
    location: Location,
    tail_of: TailOf,
    is_movers: Callable[[Upload], bool],
) -> S3Writer | None:
    """Return a writer that goes on with the newest upload of the key; None without one."""
    for upload in _newest_first(client, location):
        try:
            parts = list_parts(client, upload)
        except NoSuchUpload:
            continue  # completed or aborted since it was listed
        tail = tail_of(upload.id)
        stale = load_stale(client, tail)
        alive = {number: part for number, part in parts.items() if (number, part.etag) not in stale}
        leading = leading_parts(alive)
        if leading is None or is_movers(upload):
            continue
        if behind := {(number, alive[number].etag) for number in alive.keys() - leading.keys()}:
            save_stale(client, settings, tail, stale := stale | behind)
        return _resumed(client, settings, upload, leading, tail, has_stale=bool(stale))
    return None


def leading_parts(parts: Mapping[int, Part]) -> dict[int, Part] | None:
    """
    Return the parts up to the first gap; None if they are not a writer's.

    Those of a mover's copy land in any order. A writer has two on their way at most, and begins
    with the first alone: of its last two the former may be missing.
    """
    count = next(number for number in count_from(1) if number not in parts) - 1
    others = set(parts) - set(range(1, count + 1))
    if others and (not count or others != {count + 2}):
        return None
    return {number: parts[number] for number in range(1, count + 1)}


def _newest_first(client: "S3Client", location: Location) -> list[Upload]:
    """Return the uploads of the key; of those with one date the last listed is the newest."""
    found = sorted(list_uploads(client, location), key=lambda each: each.initiated)
    return [each.upload for each in reversed(found)]


def _resumed(
    client: "S3Client",
    settings: S3Settings,
    upload: Upload,
    parts: Mapping[int, Part],
    tail: Location,
    *,
    has_stale: bool,
) -> S3Writer:
    size = part_size_of(parts, settings.chunksize)
    full = full_parts(parts, size)
    uploaded = UploadedParts(client, upload, size, {part.number: part for part in full})
    kept = load_tail(client, tail, uploaded.size)
    return S3Writer(client, settings, uploaded, tail, kept, has_stale=has_stale)


def part_size_of(parts: Mapping[int, Part], chunksize: int) -> int:
    """Return the size of the upload's parts, which `chunksize` may have been changed after."""
    first = parts[1].size if parts else 0
    return first if first >= MIN_PART_SIZE else chunksize


def full_parts(parts: Mapping[int, Part], size: int) -> list[Part]:
    """
    Return the leading parts of exactly that size.

    A shorter one behind them is the last of a commit that did not happen. Its bytes cannot be
    read back, and S3 takes it nowhere but at the end: it is written anew.
    """
    return list(takewhile(lambda part: part.size == size, (parts[n] for n in sorted(parts))))
