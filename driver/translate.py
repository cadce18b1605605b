"""The one place where the vendor's errors become the driver's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from botocore import exceptions as vendor
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from driver.errors import (
    AccessDenied,
    Archived,
    DestinationChanged,
    DriverError,
    NoSuchUpload,
    NotImplementedByStore,
    PathNotFoundError,
    Rejected,
    SourceChanged,
    Throttled,
    TooLarge,
    Transient,
)
from driver.locations import Location

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
        ),
        Throttled,
    ),
}

BODILESS = frozenset({"HeadObject", "DeleteObject"})
"""Whose 404 may come without a code; that of others is another server's page."""

_BY_STATUS: Mapping[int, type[DriverError]] = {
    HTTPStatus.UNAUTHORIZED: AccessDenied,
    HTTPStatus.FORBIDDEN: AccessDenied,
    HTTPStatus.REQUEST_TIMEOUT: Transient,
    HTTPStatus.TOO_MANY_REQUESTS: Throttled,
    HTTPStatus.NOT_IMPLEMENTED: NotImplementedByStore,
}

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


def translate(
    error: Exception, operation: str, source: Location | None, target: Location | None
) -> DriverError:
    """Return the driver's error for any error of the vendor."""
    if isinstance(error, vendor.ClientError):
        answer = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = str(answer.get("Code", "Unknown"))
        kind = decide(operation, code, status)
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
    found.repeated = _is_repeated(error)
    return found


def _is_repeated(error: Exception) -> bool:
    if not isinstance(error, vendor.ClientError):
        return False
    return error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0) > 0


@contextmanager
def translated(
    operation: str, *, source: Location | None = None, target: Location | None = None
) -> Iterator[None]:
    """Raise what the vendor raises inside as a `DriverError` of this S3 operation."""
    try:
        yield
    except VENDOR_ERRORS as error:
        raise translate(error, operation, source, target) from error
