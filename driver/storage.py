"""The registry's S3 storage driver: operations on paths, without any worker."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import dropwhile
from typing import TYPE_CHECKING

from config import S3Settings
from driver.base import StorageDriver
from driver.client import make_client
from driver.errors import (
    DRIVER_NAME,
    DriverError,
    NotDeleted,
    PathNotFoundError,
    TooLarge,
    WriterEnded,
)
from driver.files import FileInfo
from driver.listing import before, delete_batch, holds_anything, pages
from driver.locations import Location
from driver.moving import move_object
from driver.multipart import Upload
from driver.notes import TAILS, beside, mark_of
from driver.owners import ANYONE
from driver.parts import MAX_PART_SIZE
from driver.paths import ROOT, Keys, check_path
from driver.presign import presigned, signing_client
from driver.put import put_object
from driver.reading import ObjectReader
from driver.resume import resume_writer
from driver.s3_writer import create_writer
from driver.source import head
from driver.translate import translated
from driver.writer import FileWriter

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def location_of(settings: S3Settings, path: str) -> Location:
    """Return where a driver path is stored; `InvalidPathError` if it is not one."""
    return Location(settings.bucket, Keys(settings.rootdirectory).key(check_path(path)))


def prefix_of(settings: S3Settings, path: str) -> Location:
    """Return what all that is below a directory begins with; `/` is the root directory."""
    directory = check_path(path.rstrip("/") or ROOT, root=True)
    return Location(settings.bucket, Keys(settings.rootdirectory).prefix(directory))


@contextmanager
def _path_named(path: str) -> Iterator[None]:
    """Raise a missing object as the path that was asked for."""
    try:
        yield
    except PathNotFoundError as error:
        raise PathNotFoundError(path, operation=error.operation) from error


class S3Driver(StorageDriver):
    """The files of a bucket; safe to share between threads."""

    name = DRIVER_NAME

    def __init__(self, settings: S3Settings, owners: Mapping[str, str] = ANYONE) -> None:
        self._settings = settings
        self._keys = Keys(settings.rootdirectory)
        self._client: S3Client = make_client(settings, owners=owners)
        self._signing = signing_client(settings, self._client)

    def bucket_key(self, path: str) -> str:
        """Return the key of a path, `rootdirectory` included."""
        return self._keys.key(check_path(path))

    def _at(self, path: str) -> Location:
        return Location(self._settings.bucket, self._keys.key(path))

    def _below(self, path: str) -> Location:
        return Location(self._settings.bucket, self._keys.prefix(path))

    def _get_content(self, path: str) -> bytes:
        with self._reader(path, 0) as stream:
            return stream.read()

    def _put_content(self, path: str, content: bytes) -> None:
        if len(content) > MAX_PART_SIZE:
            raise TooLarge(f"{len(content)} bytes; use a writer above {MAX_PART_SIZE}")
        put_object(self._client, self._settings, self._at(path), content)

    def _reader(self, path: str, offset: int) -> io.BufferedIOBase:
        with _path_named(path):
            return ObjectReader(self._client, self._at(path), offset)

    def _writer(self, path: str, *, append: bool) -> FileWriter:
        target = self._at(path)
        if append:
            resumed = resume_writer(
                self._client, self._settings, target, self._tail_of, self._is_movers
            )
            if resumed is not None:
                return resumed
            found = self._stat(path)
            if found.is_directory:
                raise PathNotFoundError(path)
            if found.size:
                raise WriterEnded("already committed")
        return create_writer(self._client, self._settings, target, self._tail_of)

    def _tail_of(self, upload_id: str) -> Location:
        """Return where a closed writer keeps what is too short for a part."""
        return beside(self._settings, self._settings.bucket, TAILS, upload_id)

    def _is_movers(self, upload: Upload) -> bool:
        """Tell whether a worker has left its mark of the upload."""
        try:
            head(self._client, mark_of(self._settings, upload))
        except PathNotFoundError:
            return False
        return True

    def _stat(self, path: str) -> FileInfo:
        if path == ROOT:
            holds_anything(self._client, self._below(ROOT))  # says whether the bucket is there
            return FileInfo(ROOT, is_directory=True)
        location = self._at(path)
        try:
            with translated("HeadObject", source=location):
                found = self._client.head_object(**location.address)
        except PathNotFoundError:
            if holds_anything(self._client, self._below(path)):
                return FileInfo(path, is_directory=True)
            raise PathNotFoundError(path) from None
        return FileInfo(path, found["ContentLength"], found["LastModified"])

    def _list(self, path: str) -> tuple[list[str], list[str]]:
        files: list[str | None] = []
        directories: list[str | None] = []
        for page in pages(self._client, self._below(path), delimiter="/"):
            files += [self._keys.path(found["Key"]) for found in page.get("Contents", [])]
            directories += [
                self._keys.path(found["Prefix"].removesuffix("/"))
                for found in page.get("CommonPrefixes", [])
            ]
        return [name for name in files if name], [name for name in directories if name]

    def _move(self, source: str, destination: str) -> None:
        with _path_named(source):
            move_object(self._client, self._settings, self._at(source), self._at(destination))

    def _delete(self, path: str) -> None:
        errors: list[DriverError] = []
        deleted = 0
        try:
            for keys in filter(None, self._keys_of(path)):
                errors += delete_batch(self._client, self._settings.bucket, keys)
                deleted += len(keys)
        except DriverError as error:
            errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise NotDeleted(errors)
        if not deleted:
            raise PathNotFoundError(path)

    def _keys_of(self, path: str) -> Iterator[list[str]]:
        """Yield the keys of the file and of all below it, in batches."""
        file, below = self._at(path), self._below(path)
        siblings = next(pages(self._client, file))
        if not siblings.get("IsTruncated"):
            keys = [found["Key"] for found in siblings.get("Contents", [])]
            yield [key for key in keys if key == file.key or key.startswith(below.key)]
            return
        if self._is_file(path):
            yield [file.key]
        for page in pages(self._client, below):
            yield [found["Key"] for found in page.get("Contents", [])]

    def _is_file(self, path: str) -> bool:
        try:
            return not self._stat(path).is_directory
        except PathNotFoundError:
            return False

    def _url_for(self, path: str, method: str, expires: timedelta) -> str:
        return presigned(self._signing, self._at(path), method, expires)

    def _files_below(self, path: str, start_after: str) -> Iterator[FileInfo]:
        after = self._keys.key(start_after) if start_after else ""
        listed = pages(self._client, self._below(path), start_after=before(after))
        every = (found for page in listed for found in page.get("Contents", []))
        for found in dropwhile(lambda found: found["Key"] <= after, every):
            key = found["Key"]
            name = self._keys.path(key.removesuffix("/"))
            if name is None:
                continue
            if key.endswith("/"):
                yield FileInfo(name, is_directory=True)
            else:
                yield FileInfo(name, found["Size"], found["LastModified"])
