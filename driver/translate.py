"""The one place where the vendor's errors become the driver's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from botocore import exceptions as vendor
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from driver.errors import (
    AccessDenied,
    Archived,
    DestinationChanged,
    DriverError,
    Locked,
    NoSuchUpload,
    NotImplementedByStore,
    PathNotFoundError,
    QuotaExceeded,
    Rejected,
    SourceChanged,
    Throttled,
    TooLarge,
    Transient,
)
from driver.locations import Location
from driver.retry_after import seconds_of

# The last: of a body that is read, botocore translates only some (1.44, 2026-11).
VENDOR_ERRORS = (vendor.ClientError, vendor.BotoCoreError, ResponseParserError, HTTPError)

_BY_CODE: Mapping[str, type[DriverError]] = {
    "NoSuchKey": PathNotFoundError,
    "NoSuchVersion": PathNotFoundError,
    "NoSuchUpload": NoSuchUpload,
    "NoSuchBucket": Rejected,
    "NotImplemented": NotImplementedByStore,
    "InvalidObjectState": Archived,
    "ObjectNotInActiveTierError": Archived,
    "EntityTooLarge": TooLarge,
    "AccessDenied": AccessDenied,  # also in the body of a 200
    # 400 in S3, not 401 or 403.
    "ExpiredToken": AccessDenied,
    "InvalidToken": AccessDenied,
    "TokenRefreshRequired": AccessDenied,
    # 400 and 409 in S3, yet "please try again".
    "RequestTimeout": Transient,
    "OperationAborted": Transient,
    # A part was written once more after it was listed: list again, then complete.
    "InvalidPart": Transient,
    "ConditionalRequestConflict": Transient,
    **dict.fromkeys(
        (
            "SlowDown",
            "SlowDownRead",  # MinIO's two
            "SlowDownWrite",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequests",
            "TooManyRequestsException",
            "BandwidthLimitExceeded",
            "KMS.ThrottlingException",
        ),
        Throttled,
    ),
    **dict.fromkeys(
        (
            "QuotaExceeded",  # Ceph: 403
            "ServiceQuotaExceeded",
            "ServiceQuotaExceededException",
            "InsufficientStorageSpace",  # Huawei: 403
            "XMinioAdminBucketQuotaExceeded",
            "XMinioStorageFull",  # 507
        ),
        QuotaExceeded,
    ),
    "ObjectLocked": Locked,
}

NO_LOCK = "ObjectLockConfigurationNotFoundError"
"""Of a bucket without object lock, though its message has the words of a lock."""

BODILESS = frozenset({"HeadObject", "DeleteObject"})
"""Whose 404 may come without a code; that of others is another server's page."""

_BY_STATUS: Mapping[int, type[DriverError]] = {
    HTTPStatus.UNAUTHORIZED: AccessDenied,
    HTTPStatus.FORBIDDEN: AccessDenied,
    HTTPStatus.REQUEST_TIMEOUT: Transient,
    HTTPStatus.TOO_MANY_REQUESTS: Throttled,
    HTTPStatus.NOT_IMPLEMENTED: NotImplementedByStore,
    HTTPStatus.INSUFFICIENT_STORAGE: QuotaExceeded,
}

# No code tells a lock from a missing permission (S3: AccessDenied) or from a bad request (MinIO:
# InvalidRequest); these words of their messages do (2026-11).
_LOCKED = ("object lock", "worm protected")

_BY_CLASS: tuple[tuple[type[Exception], type[DriverError]], ...] = (
    (vendor.NoCredentialsError, AccessDenied),
    (vendor.PartialCredentialsError, AccessDenied),
    (vendor.CredentialRetrievalError, Transient),
    (vendor.MetadataRetrievalError, Transient),
    (vendor.HTTPClientError, Transient),
    (vendor.ConnectionError, Transient),
    (vendor.IncompleteReadError, Transient),
    (vendor.FlexibleChecksumError, Transient),
    (ResponseParserError, Transient),
    (HTTPError, Transient),
)


def decide(operation: str, code: str, status: int) -> type[DriverError]:
    """Return the class for an answer of the store: by its code, then by its HTTP status."""
    if status == HTTPStatus.PRECONDITION_FAILED or code == "PreconditionFailed":
        # Copies, reads and deletes carry the source's ETag; only Complete names the other side.
        return DestinationChanged if operation == "CompleteMultipartUpload" else SourceChanged
    if code == "404" and operation in BODILESS:
        return PathNotFoundError
    known = _BY_CODE.get(code) or _BY_STATUS.get(status)
    if known:
        return known
    # An error under a 2xx status is a broken answer, like a 5xx; 3xx (another region) is not.
    refused = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return Rejected if refused else Transient


def kind_of(error: vendor.ClientError, operation: str) -> type[DriverError]:
    """Return the class for an answer of the store, by all that it says."""
    answer = error.response.get("Error", {})
    status = _metadata(error).get("HTTPStatusCode", 0)
    kind = decide(operation, str(answer.get("Code", "Unknown")), status)
    message = str(answer.get("Message", "")).lower()
    is_refused = kind in {AccessDenied, Rejected} and answer.get("Code") != NO_LOCK
    if is_refused and any(words in message for words in _LOCKED):
        return Locked
    # Whatever it is called: who names a time asks for fewer requests until then.
    if status == HTTPStatus.SERVICE_UNAVAILABLE and kind is Transient and _retry_after(error):
        return Throttled
    return kind


def _metadata(error: vendor.ClientError) -> Mapping[str, Any]:
    return error.response.get("ResponseMetadata", {})


def _retry_after(error: vendor.ClientError) -> float | None:
    header = _metadata(error).get("HTTPHeaders", {}).get("retry-after")
    return seconds_of(header, datetime.now(UTC))


def translate(
    error: Exception, operation: str, source: Location | None, target: Location | None
) -> DriverError:
    """Return the driver's error for any error of the vendor."""
    if isinstance(error, vendor.ClientError):
        answer = error.response.get("Error", {})
        kind, code = kind_of(error, operation), str(answer.get("Code", "Unknown"))
        detail = f"{code}: {answer.get('Message', 'the store gave no message')}"
    elif isinstance(getattr(error, "kwargs", {}).get("error"), ValueError):
        # Of a header or an URL that cannot be: the text would quote it, and it may be a token.
        kind, code = Rejected, type(error).__name__
        detail = f"{code}: no such request can be made; see that no credential has a line break"
    else:
        code = type(error).__name__
        kind = next((ours for theirs, ours in _BY_CLASS if isinstance(error, theirs)), Rejected)
        detail = f"{code}: {error}"
    if kind is PathNotFoundError:
        detail = str(source or target)
    found = kind(
        detail,
        operation=operation,
        source=str(source or ""),
        target=str(target or ""),
        code=code,
    )
    if isinstance(error, vendor.ClientError):
        found.repeated = _metadata(error).get("RetryAttempts", 0) > 0
        if isinstance(found, Throttled):
            found.retry_after = _retry_after(error)
    return found


@contextmanager
def translated(
    operation: str, *, source: Location | None = None, target: Location | None = None
) -> Iterator[None]:
    """Raise what the vendor raises inside as a `DriverError` of this S3 operation."""
    try:
        yield
    except VENDOR_ERRORS as error:
        raise translate(error, operation, source, target) from error
