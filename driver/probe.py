"""A small object with which a store shows what it can do."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from config import S3Settings
from driver.attributes import policy
from driver.errors import AccessDenied, NotImplementedByStore, PathNotFoundError, Transient
from driver.findings import COPIES, WEAK_COPY, WRONG, Finding, ability, asked, optional, refused
from driver.locations import Location
from driver.scraps import Scraps
from driver.source import head
from driver.translate import translated
from driver.upload_probe import UploadProbe

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BODY = b"s3mover doctor"
WEAK_DELETE = "a source is compared just before its delete: do not overwrite it meanwhile"
NO_SUMS = "copies are compared by ETag or size; `verify=read` reads both"
NO_TAGS = "objects with tags cannot be moved"


class Probe:
    """What is written has to be removed: a context that does so, whatever happened."""

    def __init__(self, client: "S3Client", settings: S3Settings, place: Location) -> None:
        self._client = client
        self._settings = settings
        self._place = place
        self._scraps = Scraps(client)
        self._is_cleaned = False
        self._upload = UploadProbe(client, settings, place)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what is left if the findings were not asked for to their end."""
        if not self._is_cleaned:
            list(self._left())

    def findings(self) -> Iterator[Finding]:
        """Yield what the probe shows, in the order of a move."""
        put = self._asked("s3:PutObject", self._put)
        yield put
        if put.status == "ok":
            yield from self._of_object()
        else:
            yield self._skipped("objects", "there is none to read or to copy")
        yield from self._upload.findings(self._place if put.status == "ok" else None)
        if put.status == "ok":
            yield from self._of_delete()
        yield from self._left()

    def _of_object(self) -> Iterator[Finding]:
        if "ACL" in policy(self._settings):
            yield self._asked("s3:PutObjectAcl", lambda: self._write(ACL=self._settings.objectacl))
        yield optional(self._asked("s3:PutObjectTagging", self._put_tags), NO_TAGS)
        yield self._asked("s3:GetObject", self._get)
        if self._versions:
            yield self._asked("s3:GetObjectVersion", self._get_version)
        yield optional(self._asked("s3:GetObjectTagging", self._get_tags), NO_TAGS)
        yield self._ability("checksums", self._checksums, COPIES, NO_SUMS)
        yield self._asked("copy", self._copy, COPIES)
        yield self._ability("conditional copy", self._pinned_copy, COPIES, WEAK_COPY)

    def _of_delete(self) -> Iterator[Finding]:
        if self._versions:
            yield self._asked("s3:DeleteObjectVersion", self._delete_versions)
        else:
            pinned = self._pinned_delete
            yield self._ability("conditional delete", pinned, "s3:DeleteObject", WEAK_DELETE)
        yield self._asked("s3:DeleteObject", lambda: self._scraps.delete(self._place))

    def _left(self) -> Iterator[Finding]:
        self._is_cleaned = True
        for scrap in (*self._upload.remove(), *self._scraps.remove()):
            yield Finding("cleaning", self._place.bucket, "warning", f"left behind: {scrap}")

    @property
    def _versions(self) -> list[str]:
        return self._scraps.of(self._place)

    def _asked(self, check: str, ask: Callable[[], str | None], needs: str = "") -> Finding:
        return asked(check, self._place.bucket, ask, needs)

    def _ability(
        self, check: str, ask: Callable[[], str | None], needs: str, without: str
    ) -> Finding:
        return ability(check, self._place.bucket, ask, needs, without)

    def _skipped(self, check: str, detail: str) -> Finding:
        return Finding(check, self._place.bucket, "skipped", detail)

    def _write(self, **arguments: Any) -> None:
        """Write as moves do, but for the ACL: that is another permission."""
        wanted = policy(self._settings)
        wanted.pop("ACL", None)
        self._scraps.put(self._place, BODY, **wanted, **arguments)

    def _put(self) -> None:
        self._write()

    def _put_tags(self) -> None:
        self._write(Tagging="s3mover=doctor")

    def _get(self) -> None:
        with translated("GetObject", source=self._place):
            answer = self._client.get_object(**self._place.address)
            with answer["Body"] as body:
                found = body.read()
        if found != BODY:
            raise Transient("the store returned other bytes than were written")

    def _get_version(self) -> None:
        head(self._client, self._place, self._versions[0])

    def _get_tags(self) -> None:
        with translated("GetObjectTagging", source=self._place):
            self._client.get_object_tagging(**self._place.address)

    def _checksums(self) -> str:
        self._write(ChecksumAlgorithm="CRC32")
        with translated("HeadObject", source=self._place):
            found = self._client.head_object(**self._place.address, ChecksumMode="ENABLED")
        if "ChecksumCRC32" not in found:
            raise NotImplementedByStore("the store keeps no checksums")
        return "CRC32 kept"

    def _copy(self, **condition: str) -> None:
        target = Location(self._place.bucket, f"{self._place.key}-copy")
        self._scraps.copy(self._place, target, **policy(self._settings), **condition)

    def _pinned_copy(self) -> None:
        refused(lambda: self._copy(CopySourceIfMatch=WRONG), "copied", "CopySourceIfMatch")

    def _pinned_delete(self) -> None:
        refused(lambda: self._scraps.delete(self._place, IfMatch=WRONG), "deleted", "If-Match")
        with suppress(AccessDenied):
            try:
                head(self._client, self._place)
            except PathNotFoundError as error:
                raise NotImplementedByStore(
                    "the store refused, and deleted all the same"
                ) from error

    def _delete_versions(self) -> None:
        self._scraps.delete_versions(self._place)
