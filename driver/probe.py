"""A small object, and an upload, with which a store shows what it can do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from config import S3Settings
from driver.answers import etag_of, quoted
from driver.attributes import policy
from driver.errors import DriverError, NotImplementedByStore, SourceChanged, Transient
from driver.findings import Finding, asked, optional
from driver.locations import Location
from driver.multipart import Upload, abort, list_parts
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BODY = b"s3mover doctor"
WRONG = quoted("00000000000000000000000000000000")

WEAK_COPY = "while it is copied, do not overwrite a source: this store cannot pin it"
WEAK_DELETE = "a source is compared just before its delete: do not overwrite it meanwhile"
NO_PARTS = "set multipartcopythresholdsize to 5368709120: no copies in parts, 5 GiB at most"
NO_SUMS = "copies are compared by ETag or size; `verify=read` reads both"


class Probe:
    """What is written has to be removed: a context that does so, whatever happened."""

    def __init__(self, client: "S3Client", settings: S3Settings, place: Location) -> None:
        self._client = client
        self._settings = settings
        self._place = place
        self._copy = Location(place.bucket, f"{place.key}-copy")
        self._upload: Upload | None = None
        self._versions: list[tuple[Location, str | None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what the findings have not removed; what cannot be was found to be so."""
        with suppress(DriverError):
            self._abort()
        for location, version in self._versions:
            with suppress(DriverError):
                self._call("DeleteObject", location, **location.version(version))

    def findings(self) -> Iterator[Finding]:
        """Yield what the probe shows, in the order of a move."""
        put = self._asked("s3:PutObject", self._put)
        yield put
        yield self._asked("s3:PutObjectTagging", self._create)
        if put.status == "ok":
            yield from self._of_object()
        else:
            yield Finding("copies", self._place.bucket, "skipped", "there is nothing to copy")
        if self._upload:
            yield self._asked("s3:ListMultipartUploadParts", self._list_parts)
            yield self._asked("s3:AbortMultipartUpload", self._abort)
        else:
            yield Finding("uploads", self._place.bucket, "skipped", "there is no upload")
        if put.status == "ok":
            yield optional(self._asked("conditional delete", self._pinned_delete), WEAK_DELETE)
            versions = any(version for _, version in self._versions)
            action = "s3:DeleteObjectVersion" if versions else "s3:DeleteObject"
            yield self._asked(action, self._delete)

    def _of_object(self) -> Iterator[Finding]:
        yield self._asked("s3:GetObject", self._get)
        if self._versions[0][1]:
            yield self._asked("s3:GetObjectVersion", self._get_version)
        yield optional(self._asked("s3:GetObjectTagging", self._tags), "objects with tags fail")
        yield optional(self._asked("checksums", self._checksums), NO_SUMS)
        yield optional(self._asked("conditional copy", self._conditional_copy), WEAK_COPY)
        yield optional(self._asked("part copy", self._copy_part), NO_PARTS)
        yield optional(self._asked("conditional part copy", self._pinned_part), WEAK_COPY)

    def _asked(self, check: str, ask: Callable[[], str | None]) -> Finding:
        return asked(check, self._place.bucket, ask)

    def _call(self, operation: str, location: Location, **arguments: Any) -> Mapping[str, Any]:
        call = getattr(self._client, _SNAKE[operation])
        with translated(operation, source=location):
            answer: Mapping[str, Any] = call(**arguments)
        return answer

    def _put(self) -> None:
        answer = self._call(
            "PutObject", self._place, **self._place.address, Body=BODY, **policy(self._settings)
        )
        self._versions.append((self._place, answer.get("VersionId")))

    def _create(self) -> None:
        arguments = {**self._place.address, **policy(self._settings)}
        try:
            answer = self._call(
                "CreateMultipartUpload", self._place, **arguments, Tagging="s3mover=doctor"
            )
        except DriverError:
            with suppress(DriverError):
                answer = self._call("CreateMultipartUpload", self._place, **arguments)
                self._upload = Upload(self._place, answer["UploadId"])
            raise
        self._upload = Upload(self._place, answer["UploadId"])

    def _list_parts(self) -> None:
        list_parts(self._client, self._open())

    def _get(self) -> None:
        answer = self._call("GetObject", self._place, **self._place.address)
        with answer["Body"] as body:
            if body.read() != BODY:
                raise Transient("the store returned other bytes than were written")

    def _get_version(self) -> None:
        location, version = self._versions[0]
        self._call("HeadObject", location, **location.version(version))

    def _tags(self) -> None:
        self._call("GetObjectTagging", self._place, **self._place.address)

    def _checksums(self) -> str:
        address = self._place.address
        answer = self._call(
            "PutObject", self._place, **address, Body=BODY, ChecksumAlgorithm="CRC32"
        )
        self._versions.append((self._place, answer.get("VersionId")))
        found = self._call("HeadObject", self._place, **address, ChecksumMode="ENABLED")
        if "ChecksumCRC32" not in found:
            raise NotImplementedByStore("the store keeps no checksums")
        return "CRC32 kept"

    def _conditional_copy(self) -> None:
        source = {"CopySource": self._place.address, "CopySourceIfMatch": WRONG}
        try:
            answer = self._call("CopyObject", self._place, **self._copy.address, **source)
        except SourceChanged:
            return
        self._versions.append((self._copy, answer.get("VersionId")))
        raise NotImplementedByStore("the store copied although CopySourceIfMatch did not match")

    def _copy_part(self) -> None:
        answer = self._part()
        etag_of(answer.get("CopyPartResult", {}), "UploadPartCopy", self._place)

    def _pinned_part(self) -> None:
        try:
            self._part(CopySourceIfMatch=WRONG)
        except SourceChanged:
            return
        raise NotImplementedByStore("the store copied although CopySourceIfMatch did not match")

    def _part(self, **condition: str) -> Mapping[str, Any]:
        source = {"CopySource": self._place.address, "PartNumber": 1}
        return self._call(
            "UploadPartCopy", self._place, **self._open().address, **source, **condition
        )

    def _abort(self) -> None:
        if self._upload:
            abort(self._client, self._upload)
            self._upload = None

    def _pinned_delete(self) -> None:
        with suppress(SourceChanged):
            self._call("DeleteObject", self._place, **self._place.address, IfMatch=WRONG)
            raise NotImplementedByStore("the store deleted although If-Match did not match")

    def _delete(self) -> None:
        while self._versions:
            location, version = self._versions[-1]
            self._call("DeleteObject", location, **location.version(version))
            self._versions.pop()

    def _open(self) -> Upload:
        if not self._upload:
            raise NotImplementedByStore("there is no upload to try it with")
        return self._upload


_SNAKE = {
    "PutObject": "put_object",
    "GetObject": "get_object",
    "HeadObject": "head_object",
    "GetObjectTagging": "get_object_tagging",
    "CopyObject": "copy_object",
    "DeleteObject": "delete_object",
    "CreateMultipartUpload": "create_multipart_upload",
    "UploadPartCopy": "upload_part_copy",
}
