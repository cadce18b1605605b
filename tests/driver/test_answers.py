"""What broken or unwilling stores answer; over HTTP, so that botocore has its say too."""

from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import (
    AccessDenied,
    DriverError,
    Location,
    NotImplementedByStore,
    Source,
    Throttled,
    Transient,
    Upload,
    complete,
    copy_part,
    copy_whole,
    create,
    head,
    make_client,
)
from driver.attributes import policy

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

A, B = Location("bucket", "a"), Location("bucket", "c")
SOURCE = Source(A, 6 << 20, "e", None, {}, {}, 0, None)
UPLOAD = Upload(B, "id")
COPIED = "<CopyObjectResult><ETag>&quot;f&quot;</ETag></CopyObjectResult>"


def error_body(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>why</Message></Error>"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("InternalError", Transient), ("SlowDown", Throttled), ("AccessDenied", AccessDenied)],
)
def test_an_error_under_status_200_is_an_error(
    stub: Any,
    stub_client: "S3Client",
    stub_settings: S3Settings,
    code: str,
    kind: type[DriverError],
) -> None:
    stub.answer(200, error_body(code))

    with pytest.raises(kind):
        copy_whole(stub_client, policy(stub_settings), SOURCE, B)
    with pytest.raises(kind):
        copy_part(stub_client, UPLOAD, SOURCE.pin, 1, 5 << 20)
    with pytest.raises(kind):
        complete(stub_client, UPLOAD, {}, 0)


def test_an_error_under_status_200_is_retried(
    stub: Any, stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    stub.answer(200, error_body("InternalError"))
    stub.answer(200, COPIED)

    assert copy_whole(stub_client, policy(stub_settings), SOURCE, B) == "f"


@pytest.mark.parametrize("body", ["", "<CopyObjectResult/>", "<CopyPartResult/>", "<CopyOb"])
def test_an_answer_without_an_etag_is_no_success(
    stub: Any, stub_client: "S3Client", stub_settings: S3Settings, body: str
) -> None:
    stub.answer(200, body)

    with pytest.raises(Transient):
        copy_part(stub_client, UPLOAD, SOURCE.pin, 1, 5 << 20)
    with pytest.raises(Transient):
        copy_whole(stub_client, policy(stub_settings), SOURCE, B)
    with pytest.raises(Transient):
        complete(stub_client, UPLOAD, {}, 0)


def test_an_upload_without_an_id_is_no_success(
    stub: Any, stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    stub.answer(200, "<InitiateMultipartUploadResult/>")

    with pytest.raises(Transient, match="no UploadId"):
        create(stub_client, policy(stub_settings), SOURCE, B)


def test_a_part_copy_the_store_lacks_is_told(stub: Any, stub_client: "S3Client") -> None:
    stub.answer(501, error_body("NotImplemented"))

    with pytest.raises(NotImplementedByStore):
        copy_part(stub_client, UPLOAD, SOURCE.pin, 1, 5 << 20)


def test_a_throttled_request_is_tried_four_times(stub: Any, stub_client: "S3Client") -> None:
    stub.answer(503, error_body("SlowDown"))

    with pytest.raises(Throttled, match="SlowDown"):
        copy_part(stub_client, UPLOAD, SOURCE.pin, 1, 5 << 20)

    assert len(stub.requests) == 4


def test_a_refused_request_is_tried_once(stub: Any, stub_client: "S3Client") -> None:
    stub.answer(403)

    with pytest.raises(AccessDenied):
        head(stub_client, A)

    assert len(stub.requests) == 1


def test_a_store_that_does_not_answer_is_transient(stub: Any, stub_client: "S3Client") -> None:
    stub.server_close()

    with pytest.raises(Transient):
        head(stub_client, A)


def test_a_silent_store_is_transient(
    stub: Any, stub_settings: S3Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("driver.client.READ_TIMEOUT", 0.05)
    monkeypatch.setattr("driver.client.ATTEMPTS", 1)
    stub.answer(200, "", Content_Length="100")
    client = make_client(stub_settings)

    with pytest.raises(Transient):
        copy_part(client, UPLOAD, SOURCE.pin, 1, 5 << 20)


def test_a_request_botocore_refuses_is_no_request(stub: Any, stub_client: "S3Client") -> None:
    with pytest.raises(DriverError, match="ParamValidation"):
        head(stub_client, Location("bucket", ""))

    assert stub.requests == []
