"""A multipart upload with which a store shows what it can do."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from config import S3Settings
from driver.answers import etag_of
from driver.errors import DriverError
from driver.findings import COPIES, WEAK_COPY, WRONG, Finding, ability, asked, refused
from driver.locations import Location
from driver.multipart import Upload, abort, create_empty, list_parts, list_uploads
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

NO_PARTS = "set multipartcopythresholdsize to 5368709120: no copies in parts, 5 GiB at most"


class UploadProbe:
    """One upload of a key that is nobody else's; whoever asks for findings calls `remove`."""

    def __init__(self, client: "S3Client", settings: S3Settings, place: Location) -> None:
        self._client = client
        self._settings = settings
        self._place = place
        self._open: list[Upload] = []

    def findings(self, source: Location | None) -> Iterator[Finding]:
        """Yield what the upload shows; without a source none of its parts can be a copy."""
        bucket = self._place.bucket
        created = asked("multipart upload", bucket, self._create, "s3:PutObject")
        yield created
        if created.status != "ok":
            yield Finding("parts", bucket, "skipped", "there is no upload")
            return
        (upload,) = self._open
        if source:
            yield from self._of_copies(upload, source)
        listed = partial(self._list_parts, upload)
        yield asked("s3:ListMultipartUploadParts", bucket, listed)
        yield asked("s3:AbortMultipartUpload", bucket, partial(self._abort, upload))

    def remove(self) -> list[str]:
        """Abort what is left, that of a lost answer too; return what cannot be."""
        try:
            found = {each.upload for each in list_uploads(self._client, self._place)}
        except DriverError:
            found = set()
        left = []
        for upload in found.union(self._open):
            try:
                abort(self._client, upload)
            except DriverError:
                left.append(f"upload {upload.id} of {upload.destination}")
        return left

    def _of_copies(self, upload: Upload, source: Location) -> Iterator[Finding]:
        bucket = self._place.bucket

        def copy() -> None:
            answer = self._copy_part(upload, source)
            etag_of(answer.get("CopyPartResult", {}), "UploadPartCopy", self._place)

        def pinned() -> None:
            copy = partial(self._copy_part, upload, source, CopySourceIfMatch=WRONG)
            refused(copy, "copied", "CopySourceIfMatch")

        yield ability("part copy", bucket, copy, COPIES, NO_PARTS)
        yield ability("conditional part copy", bucket, pinned, COPIES, WEAK_COPY)

    def _create(self) -> None:
        self._open.append(create_empty(self._client, self._settings, self._place))

    def _copy_part(self, upload: Upload, source: Location, **condition: str) -> Mapping[str, Any]:
        arguments: Any = {"CopySource": source.address, "PartNumber": 1, **condition}
        with translated("UploadPartCopy", source=source, target=upload.destination):
            return self._client.upload_part_copy(**upload.address, **arguments)

    def _list_parts(self, upload: Upload) -> None:
        list_parts(self._client, upload)

    def _abort(self, upload: Upload) -> None:
        """By the request alone: `abort` looks at the parts, which is another permission."""
        with translated("AbortMultipartUpload", target=upload.destination):
            self._client.abort_multipart_upload(**upload.address)
        self._open.remove(upload)
