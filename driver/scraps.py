"""The objects that an examination writes, and their removal, whatever became of the answers."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from driver.errors import (
    AccessDenied,
    DriverError,
    NotImplementedByStore,
    PathNotFoundError,
    Rejected,
    Transient,
)
from driver.locations import Location
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MOST = 20
"""Versions of a key: more than an examination writes."""


class Scraps:
    """What was written, or may have been: a key is noted before the request is sent."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client
        self._versions: dict[Location, list[str]] = {}

    def of(self, location: Location) -> list[str]:
        """Return the versions of a key that the store has told."""
        return self._versions.get(location, [])

    def put(self, location: Location, body: bytes, **arguments: Any) -> None:
        versions = self._versions.setdefault(location, [])
        with translated("PutObject", target=location):
            answer = self._client.put_object(**location.address, Body=body, **arguments)
        versions += filter(None, [answer.get("VersionId")])

    def copy(self, source: Location, target: Location, **arguments: Any) -> None:
        versions = self._versions.setdefault(target, [])
        with translated("CopyObject", source=source, target=target):
            answer = self._client.copy_object(
                **target.address, CopySource=source.version(None), **arguments
            )
        versions += filter(None, [answer.get("VersionId")])

    def delete(self, location: Location, **condition: Any) -> None:
        """Delete what is on top; where the bucket has versions, a marker is another one."""
        versions = self._versions.setdefault(location, [])
        with translated("DeleteObject", source=location):
            answer = self._client.delete_object(**location.address, **condition)
        versions += filter(None, [answer.get("VersionId")])

    def delete_versions(self, location: Location) -> None:
        """Delete all versions of a key that the store has told."""
        versions = self.of(location)
        while versions:
            self._delete(location, versions[-1])
            versions.pop()

    def remove(self) -> list[Location]:
        """Remove everything, and return what was seen to be left."""
        return [location for location in self._versions if not self._is_removed(location)]

    def _is_removed(self, location: Location) -> bool:
        try:
            self.delete_versions(location)
            with suppress(AccessDenied, NotImplementedByStore, Rejected):
                self._delete_listed(location)
            self._delete_tops(location)
        except DriverError:
            return False
        return True

    def _delete_listed(self, location: Location) -> None:
        """Delete each version and marker; a store may tell of a marker nowhere else (SeaweedFS)."""
        with translated("ListObjectVersions", source=location):
            page = self._client.list_object_versions(Bucket=location.bucket, Prefix=location.key)
        for found in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            if found["Key"] == location.key:
                version = found["VersionId"]
                self._delete(location, "" if version == "null" else version)

    def _delete_tops(self, location: Location) -> None:
        """Delete what an answer that was lost has not told."""
        try:
            for _ in range(MOST):
                version = self._top(location)
                if version is None:
                    return
                self._delete(location, version)
            raise Transient("what was deleted is still there")
        except AccessDenied:  # it cannot be seen; where this adds a marker, that is deleted too
            self.delete(location)
            self.delete_versions(location)

    def _delete(self, location: Location, version: str) -> None:
        with translated("DeleteObject", source=location):
            self._client.delete_object(**location.version(version))

    def _top(self, location: Location) -> str | None:
        """Return the version on top, a delete marker too; empty without versions."""
        try:
            with translated("HeadObject", source=location):
                answer = self._client.head_object(**location.address)
        except PathNotFoundError as error:
            return _marker(error.__cause__)
        return answer.get("VersionId", "")


def _marker(error: BaseException | None) -> str | None:
    if not isinstance(error, ClientError):
        return None
    headers = error.response["ResponseMetadata"]["HTTPHeaders"]
    return headers.get("x-amz-version-id") if "x-amz-delete-marker" in headers else None
