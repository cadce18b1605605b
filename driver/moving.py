"""The move of one object by one process, with threads: no worker, no journal."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from config import S3Settings
from driver.attributes import Asked, policy_of
from driver.checks import refuse_aliases, refuse_unmovable
from driver.delete import delete_source
from driver.errors import DriverError, NoSuchUpload, NotImplementedByStore
from driver.locations import Location
from driver.multipart import Upload, abort, complete, copy_part, create
from driver.parts import (
    MAX_COPY_SIZE,
    Part,
    is_multipart,
    part_count,
    part_length,
)
from driver.source import Pin, Source, head, recheck
from driver.tagging import header_of, put_tags, tags_of
from driver.verify import proof, verify
from driver.waves import chosen_part_size
from driver.whole import copy_whole

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def move_object(
    client: "S3Client", settings: S3Settings, origin: Location, target: Location
) -> None:
    """
    Copy the object, compare the copy, then delete the source.

    After a failed copy the source and what the destination held are as they were, and no
    upload is left. A move onto itself does nothing.
    """
    found = head(client, origin)
    if origin == target:
        return
    refuse_aliases(settings, origin, target)
    refuse_unmovable(found)
    etag = _copy(client, settings, found, target)
    verify(client, found.pin, target, "auto", etag)
    delete_source(client, found.pin)


def _copy(client: "S3Client", settings: S3Settings, source: Source, target: Location) -> str | None:
    """Return the ETag of the copy; None where its answer was lost."""
    if is_multipart(source.size, settings.multipartcopythresholdsize):
        try:
            return _copy_in_parts(client, settings, source, target)
        except NotImplementedByStore:
            if source.size > MAX_COPY_SIZE:
                raise
    return copy_whole(client, policy_of(settings, source, Asked()), source, target)


def _copy_in_parts(
    client: "S3Client", settings: S3Settings, source: Source, target: Location
) -> str | None:
    tags = tags_of(client, source.pin)
    policy = policy_of(settings, source, Asked())
    upload = create(client, policy, source, target, tags)
    try:
        parts = _copy_parts(client, settings, upload, source.pin)
        recheck(client, source.pin)  # while the old destination is still there
        etag = _complete(client, upload, parts, source)
    except BaseException as error:
        try:
            abort(client, upload)
        except DriverError as left:
            error.add_note(f"upload {upload.id} of {target} is left behind: {left}")
        raise
    if tags and not header_of(tags):
        put_tags(client, head(client, target).pin, tags)
    return etag


def _complete(
    client: "S3Client", upload: Upload, parts: dict[int, Part], source: Source
) -> str | None:
    """Complete the upload; None if it may have been, by a request whose answer was lost."""
    try:
        return complete(client, upload, parts, source.size, checksum=source.checksum)
    except NoSuchUpload:
        if proof(client, source.pin, upload.destination, "auto") is None:
            raise
        return None


def _copy_parts(
    client: "S3Client", settings: S3Settings, upload: Upload, pin: Pin
) -> dict[int, Part]:
    """Copy all parts; the first failure issues no more and waits for those in flight."""
    cap = settings.multipartcopymaxconcurrency
    size = chosen_part_size(pin.size, settings.multipartcopychunksize, cap)
    numbers = range(1, part_count(pin.size, size) + 1)
    workers = min(cap, len(numbers))
    with ThreadPoolExecutor(workers) as pool:
        copies = {
            pool.submit(copy_part, client, upload, pin, number, size): number for number in numbers
        }
        try:
            return {
                copies[copy]: Part(
                    copies[copy], copy.result(), part_length(pin.size, size, copies[copy])
                )
                for copy in as_completed(copies)
            }
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
