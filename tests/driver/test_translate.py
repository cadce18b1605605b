import pytest
from botocore import exceptions as vendor
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from driver import (
    AccessDenied,
    Archived,
    DestinationChanged,
    DriverError,
    Location,
    Locked,
    NoSuchUpload,
    NotImplementedByStore,
    PathNotFoundError,
    Permanent,
    QuotaExceeded,
    Rejected,
    SourceChanged,
    Throttled,
    Transient,
)
from driver.translate import decide, translate, translated

A, B = Location("b", "a"), Location("b", "c")


def client_error(code: str, status: int, message: str = "why") -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "HTTPHeaders": {},
                "RequestId": "",
                "HostId": "",
                "RetryAttempts": 0,
            },
        },
        "CopyObject",
    )


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("NoSuchKey", 404, PathNotFoundError),
        ("NoSuchVersion", 404, PathNotFoundError),
        ("NoSuchBucket", 404, Rejected),
        ("NoSuchUpload", 404, NoSuchUpload),
        ("403", 403, AccessDenied),
        ("AccessDenied", 403, AccessDenied),
        ("InvalidAccessKeyId", 403, AccessDenied),
        ("ExpiredToken", 400, AccessDenied),
        ("InvalidObjectState", 403, Archived),
        ("412", 412, SourceChanged),
        ("PreconditionFailed", 412, SourceChanged),
        ("NotImplemented", 501, NotImplementedByStore),
        ("SlowDown", 503, Throttled),
        ("TooManyRequests", 429, Throttled),
        ("RequestLimitExceeded", 503, Throttled),
        ("ServiceUnavailable", 503, Transient),
        ("InternalError", 500, Transient),
        ("InternalError", 200, Transient),
        ("RequestTimeout", 400, Transient),
        ("ConditionalRequestConflict", 409, Transient),
        ("XMinioStorageFull", 507, QuotaExceeded),
        ("Unknown", 507, QuotaExceeded),
        ("QuotaExceeded", 403, QuotaExceeded),
        ("InsufficientStorageSpace", 403, QuotaExceeded),
        ("XMinioAdminBucketQuotaExceeded", 400, QuotaExceeded),
        ("ObjectLocked", 400, Locked),
        ("InvalidArgument", 400, Rejected),
        ("PermanentRedirect", 301, Rejected),
    ],
)
def test_the_code_decides_then_the_status(code: str, status: int, kind: type[DriverError]) -> None:
    assert decide("CopyObject", code, status) is kind


def test_only_a_head_may_say_without_a_code_that_nothing_is_there() -> None:
    assert decide("HeadObject", "404", 404) is PathNotFoundError
    assert decide("ListObjectsV2", "404", 404) is Rejected  # another server's page


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("CopyObject", SourceChanged),
        ("UploadPartCopy", SourceChanged),
        ("DeleteObject", SourceChanged),
        ("GetObject", SourceChanged),
        ("CompleteMultipartUpload", DestinationChanged),
    ],
)
def test_a_failed_condition_means_the_side_the_operation_names(
    operation: str, kind: type[DriverError]
) -> None:
    assert decide(operation, "PreconditionFailed", 412) is kind


@given(st.text(), st.integers(0, 999))
def test_every_code_and_status_has_a_decision(code: str, status: int) -> None:
    kind = decide("CopyObject", code, status)

    assert issubclass(kind, Transient | Permanent)


@given(st.integers(502, 999).filter(lambda status: status != 507))
def test_what_the_store_fails_at_may_succeed_later(status: int) -> None:
    assert decide("CopyObject", "SomethingNew", status) is Transient


def every_subclass(kind: type[Exception]) -> set[type[Exception]]:
    return set(kind.__subclasses__()).union(*map(every_subclass, kind.__subclasses__()))


@pytest.mark.parametrize(
    "kind",
    sorted(every_subclass(BotoCoreError) | {ClientError, ResponseParserError}, key=repr),
)
def test_every_vendor_error_is_translated(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    error.response = {}  # type: ignore[attr-defined]  # what a ClientError at its barest has

    translation = translate(error, "CopyObject", A, B)

    assert isinstance(translation, Transient | Permanent)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (vendor.EndpointConnectionError(endpoint_url="http://x"), Transient),
        (vendor.ConnectTimeoutError(endpoint_url="http://x"), Transient),
        (vendor.ReadTimeoutError(endpoint_url="http://x"), Transient),
        (vendor.ConnectionClosedError(endpoint_url="http://x"), Transient),
        (vendor.IncompleteReadError(actual_bytes=1, expected_bytes=2), Transient),
        (ResponseParserError("not XML"), Transient),
        (vendor.ParamValidationError(report="Key is empty"), Rejected),
        (vendor.NoCredentialsError(), AccessDenied),
    ],
)
def test_what_never_reached_the_store_is_decided_by_its_class(
    error: Exception, kind: type[DriverError]
) -> None:
    assert type(translate(error, "HeadObject", A, None)) is kind


def test_missing_credentials_say_what_to_set() -> None:
    error = translate(vendor.NoCredentialsError(), "HeadObject", A, None)

    assert "accesskey and secretkey" in str(error)


def test_a_refusal_keeps_the_code_and_message_of_s3() -> None:
    error = translate(client_error("MalformedXML", 400, "bad XML"), "CopyObject", A, B)

    assert isinstance(error, Rejected)
    assert error.code == "MalformedXML"
    assert "MalformedXML: bad XML" in str(error)


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("AccessDenied", 403, "Access Denied because object protected by object lock."),
        ("InvalidRequest", 400, "Object is WORM protected and cannot be overwritten"),
    ],
)
def test_a_locked_object_is_told_from_a_missing_permission(
    code: str, status: int, message: str
) -> None:
    error = translate(client_error(code, status, message), "DeleteObject", A, None)

    assert type(error) is Locked
    assert "wait for its end" in str(error)


def test_a_bucket_without_object_lock_has_locked_nothing() -> None:
    code = "ObjectLockConfigurationNotFoundError"
    text = "Object Lock configuration does not exist for this bucket"

    error = translate(client_error(code, 404, text), "GetObjectLockConfiguration", A, None)

    assert type(error) is Rejected


def throttle(code: str, status: int, retry_after: str, retries: int = 0) -> DriverError:
    error = client_error(code, status)
    error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] = retry_after
    error.response["ResponseMetadata"]["RetryAttempts"] = retries
    return translate(error, "CopyObject", A, B)


def test_a_throttle_carries_the_seconds_that_the_store_asks_to_wait() -> None:
    error = throttle("SlowDown", 503, "7", retries=2)

    assert isinstance(error, Throttled)
    assert (error.retry_after, error.repeated) == (7, True)


def test_a_throttle_without_a_time_carries_none() -> None:
    error = translate(client_error("SlowDown", 503), "CopyObject", A, B)

    assert isinstance(error, Throttled)
    assert (error.retry_after, error.repeated) == (None, False)


def test_a_503_that_names_a_time_is_a_throttle_whatever_it_is_called() -> None:
    assert type(throttle("XMinioServerNotInitialized", 503, "60")) is Throttled
    assert type(throttle("XMinioServerNotInitialized", 503, "soon")) is Transient
    assert type(throttle("InternalError", 500, "60")) is Transient


def test_an_error_carries_operation_source_target_and_cause() -> None:
    cause = client_error("InternalError", 500)

    with pytest.raises(Transient) as caught, translated("CopyObject", source=A, target=B):
        raise cause

    error = caught.value
    assert (error.operation, error.source, error.target) == ("CopyObject", "s3://b/a", "s3://b/c")
    assert error.__cause__ is cause


def test_what_is_not_the_vendors_passes_untouched() -> None:
    with pytest.raises(ZeroDivisionError), translated("CopyObject"):
        raise ZeroDivisionError
