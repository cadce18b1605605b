"""The registry's S3 storage driver: operations on paths, without any worker."""

import re
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from config import S3Settings
from driver.checks import refuse_aliases
from driver.client import make_client
from driver.delete import delete_source
from driver.errors import (
    DRIVER_NAME,
    DriverError,
    InvalidPathError,
    NotImplementedByStore,
    PathNotFoundError,
)
from driver.locations import Location
from driver.multipart import Upload, abort, complete, copy_part, create
from driver.parts import (
    MAX_COPY_SIZE,
    Part,
    is_multipart,
    part_count,
    part_length,
    part_size,
)
from driver.source import Pin, Source, head, recheck
from driver.verify import verify
from driver.whole import copy_whole

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PATH = re.compile(r"(/[A-Za-z0-9._-]+)+")


def location_of(settings: S3Settings, path: str) -> Location:
    """Return where a driver path is stored; `InvalidPathError` if it is not one."""
    if not PATH.fullmatch(path):
        raise InvalidPathError(path)
    key = (settings.rootdirectory.rstrip("/") + path).lstrip("/")
    return Location(settings.bucket, key)


class S3Driver:
    """A storage driver; safe to share between threads."""

    name = DRIVER_NAME

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings
        self._client: S3Client = make_client(settings)

    def move(self, source: str, destination: str) -> None:
        """
        Move the object, by copies inside S3.

        The source is deleted only after the destination was compared with it. After a failed
        copy the source and what the destination held are as they were, and no upload is left.
        A move onto itself does nothing. Raises `PathNotFoundError` if the source is missing.
        """
        origin = location_of(self._settings, source)
        target = location_of(self._settings, destination)
        try:
            found = head(self._client, origin)
            if origin == target:
                return
            refuse_aliases(self._settings, origin, target)
            etag = self._copy(found, target)
            verify(self._client, found.pin, target, "auto", etag)
        except PathNotFoundError as error:
            raise PathNotFoundError(source, operation="move") from error
        delete_source(self._client, found.pin)

    def _copy(self, source: Source, target: Location) -> str:
        if is_multipart(source.size, self._settings.multipartcopythresholdsize):
            try:
                return self._copy_in_parts(source, target)
            except NotImplementedByStore:
                if source.size > MAX_COPY_SIZE:
                    raise
        return copy_whole(self._client, self._settings, source, target)

    def _copy_in_parts(self, source: Source, target: Location) -> str:
        upload = create(self._client, self._settings, source, target)
        try:
            parts = self._copy_parts(upload, source.pin)
            recheck(self._client, source.pin)  # while the old destination is still there
            return complete(self._client, upload, parts, source.size)
        except BaseException as error:
            try:
                abort(self._client, upload)
            except DriverError as left:
                error.add_note(f"upload {upload.id} of {target} is left behind: {left}")
            raise

    def _copy_parts(self, upload: Upload, pin: Pin) -> dict[int, Part]:
        """Copy all parts; the first failure issues no more and waits for those in flight."""
        size = part_size(pin.size, self._settings.multipartcopychunksize)
        numbers = range(1, part_count(pin.size, size) + 1)
        workers = min(self._settings.multipartcopymaxconcurrency, len(numbers))
        with ThreadPoolExecutor(workers) as pool:
            copies = {
                pool.submit(copy_part, self._client, upload, pin, number, size): number
                for number in numbers
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
