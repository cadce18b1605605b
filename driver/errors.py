"""
What a driver may raise; the branch says what a caller does about it.

DriverError
├── Transient                 try again later: 5xx, a broken connection, a timeout
│   └── Throttled             the store asks for fewer requests
└── Permanent                 trying again cannot help
    ├── PathNotFoundError     ┐
    ├── InvalidPathError      │ the storage driver's own, with the registry's
    ├── InvalidOffsetError    │ texts
    ├── UnsupportedMethodError┘
    ├── InvalidExpiryError
    ├── WriterEnded
    ├── NotDeleted            some of many; its `errors` say which
    ├── AccessDenied
    ├── SameObject
    ├── SourceChanged
    ├── DestinationChanged
    ├── NoSuchUpload
    ├── NotImplementedByStore
    ├── Archived
    ├── Locked
    ├── CannotPreserve
    ├── UnknownCustomerKey
    ├── WrongCustomerKey
    ├── QuotaExceeded
    ├── TooLarge
    ├── VerificationFailed
    └── Rejected              any other refusal; its text keeps S3's code and message
"""

from collections.abc import Sequence
from typing import ClassVar

DRIVER_NAME = "s3aws"


class DriverError(Exception):
    """Base of everything a driver raises; the vendor's error is its `__cause__`."""

    advice: ClassVar[str] = ""
    driver_name = DRIVER_NAME
    repeated = False
    """Whether a first answer was lost: the error may be of what that request has done."""

    def __init__(
        self,
        detail: str = "",
        *,
        operation: str = "",
        source: str = "",
        target: str = "",
        code: str = "",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.operation = operation
        self.source = source
        self.target = target
        self.code = code

    def __str__(self) -> str:
        where = " -> ".join(part for part in (self.source, self.target) if part)
        call = " ".join(part for part in (self.operation, where) if part)
        text = ": ".join(part for part in (self.driver_name, call, self.detail) if part)
        return f"{text} ({self.advice})" if self.advice else text


class Transient(DriverError):
    """The store or the way to it failed; the same request may succeed later."""


class Throttled(Transient):
    """The store asks for fewer requests."""

    advice = "wait, then retry with fewer requests at once"

    retry_after: float | None = None
    """Seconds that the store asks to wait, if it says so."""


class Permanent(DriverError):
    """The same request fails again."""


class PathNotFoundError(Permanent):
    """Nothing is stored there."""

    def __init__(
        self, path: str, *, operation: str = "", source: str = "", target: str = "", code: str = ""
    ) -> None:
        super().__init__(path, operation=operation, source=source, target=target, code=code)
        self.path = path

    def __str__(self) -> str:
        return f"{self.driver_name}: Path not found: {self.path}"


class InvalidPathError(Permanent):
    """The path is not one a storage driver takes."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.driver_name}: invalid path: {self.path}"


class InvalidOffsetError(Permanent):
    """No reader can start at this offset."""

    def __init__(self, path: str, offset: int) -> None:
        super().__init__(path)
        self.args = (path, offset)  # so that a pickled copy is made with both
        self.path = path
        self.offset = offset

    def __str__(self) -> str:
        return f"{self.driver_name}: invalid offset: {self.offset} for path: {self.path}"


class UnsupportedMethodError(Permanent):
    """The driver has no such method."""

    def __str__(self) -> str:
        return f"{self.driver_name}: unsupported method"


class InvalidExpiryError(Permanent):
    """No URL can be valid for that time."""


class WriterEnded(Permanent):
    """The writer was closed, committed or cancelled, or the file was."""


class NotDeleted(Permanent):
    """Some of the files were not deleted; the others were."""

    def __init__(self, errors: Sequence[DriverError]) -> None:
        super().__init__(f"{len(errors)} files were not deleted")
        self.args = (errors,)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join((f"{self.driver_name}: errors:", *map(str, self.errors)))


class AccessDenied(Permanent):
    """The store does not let these credentials do this."""

    advice = (
        "check accesskey and secretkey, or the AWS credential chain, the policies of both "
        "buckets, and that S3MOVER_BUCKET_OWNERS, if set, names their accounts"
    )


class SameObject(Permanent):
    """Source and destination may be one object, which the move would delete."""

    advice = "choose another destination"


class SourceChanged(Permanent):
    """The source is no longer the object that was pinned."""

    advice = "the new object was left alone; a new move can take it"


class DestinationChanged(Permanent):
    """The destination no longer meets the condition of the write."""

    advice = "look at the destination, then start a new move"


class NoSuchUpload(Permanent):
    """The multipart upload was completed or aborted, or never was."""


class NotImplementedByStore(Permanent):
    """The store lacks this operation."""


class Archived(Permanent):
    """The source is archived and cannot be read."""

    advice = "restore the object, then move it"


class Locked(Permanent):
    """A retention or a legal hold keeps the object as it is."""

    advice = "wait for its end, or copy the object instead"


class CannotPreserve(Permanent):
    """Something of the source cannot be kept, and was to be."""

    advice = "nothing was copied; let it be lost by preserve=<property>=best-effort"


class UnknownCustomerKey(Permanent):
    """The name is none of a customer's key (SSE-C) that is set up here."""

    advice = "S3MOVER_CUSTOMER_KEYS of every worker has the keys, by their names"


class WrongCustomerKey(Permanent):
    """The object is not encrypted with that customer's key, or the store takes none."""

    advice = "look at source_customer_key and destination_customer_key, and at the endpoint"


class QuotaExceeded(Permanent):
    """The store has no room for the object, or the bucket must not grow."""

    advice = "make room or raise the quota, then start a new move"


class TooLarge(Permanent):
    """The object exceeds what S3 copies."""


class VerificationFailed(Permanent):
    """The destination is not proven to hold the source's bytes."""

    advice = "the source was kept"


class Rejected(Permanent):
    """The store refuses the request; `code` is its reason."""
