import json
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from config import S3Settings
from driver import Finding, examine, make_client

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.conftest import Stub

FIVE_MINUTES = timedelta(minutes=5)
RULE = {
    "ID": "uploads",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}


def findings(client: "S3Client", settings: S3Settings, bucket: str) -> dict[str, Finding]:
    return {found.check: found for found in examine(client, settings, bucket)}


def left_in(client: "S3Client", bucket: str) -> list[str]:
    page = client.list_objects_v2(Bucket=bucket, Prefix="~s3mover/doctor/")
    return [found["Key"] for found in page.get("Contents", [])]


def versions_in(client: "S3Client", bucket: str) -> list[str]:
    page = client.list_object_versions(Bucket=bucket, Prefix="~s3mover/doctor/")
    return [each["Key"] for each in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]


def denied(client: "S3Client", bucket: str, action: str) -> None:
    """Deny an action of objects."""
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [deny]}
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


@pytest.fixture
def bucket(client: "S3Client", request: pytest.FixtureRequest) -> str:
    """Return a bucket of this test's own."""
    name = f"doctor-{abs(hash(request.node.name))}"
    client.create_bucket(Bucket=name)
    return name


def test_a_bucket_that_has_all_is_well_and_left_as_it_was(
    client: "S3Client", settings: S3Settings, bucket: str
) -> None:
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [RULE]},  # type: ignore[list-item]  # a dict like its own
    )

    found = findings(client, settings, bucket)

    assert {each.status for each in found.values()} == {"ok"}
    assert "after 7 days" in found["s3:GetLifecycleConfiguration"].detail
    assert not left_in(client, bucket)
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket)


def test_a_bucket_without_a_rule_for_uploads_is_warned_of(
    client: "S3Client", settings: S3Settings, bucket: str
) -> None:
    found = findings(client, settings, bucket)["s3:GetLifecycleConfiguration"]

    assert found.status == "warning"
    assert "billed for ever" in found.detail
    assert f"--bucket {bucket}" in found.advice


def test_a_versioned_bucket_keeps_no_version_of_the_probe(
    client: "S3Client", settings: S3Settings, versioned: str
) -> None:
    found = findings(client, settings, versioned)

    assert found["s3:GetBucketVersioning"].detail.startswith("enabled")
    for action in ("s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:DeleteObject"):
        assert found[action].status == "ok"
    assert not versions_in(client, versioned)


def test_where_deletes_are_denied_a_versioned_bucket_is_not_well(
    client: "S3Client", settings: S3Settings, bucket: str
) -> None:
    enabled: Any = {"Status": "Enabled"}
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=enabled)
    denied(client, bucket, "s3:DeleteObject")

    found = findings(client, settings, bucket)

    assert found["s3:DeleteObject"].status == "failed"
    assert found["s3:DeleteObjectVersion"].status == "ok"
    assert not versions_in(client, bucket)


@pytest.mark.parametrize(
    ("action", "others"),
    [
        ("s3:DeleteObject", {"s3:PutObject", "s3:GetObject", "part copy"}),
        ("s3:GetObject", {"s3:PutObject", "s3:DeleteObject", "multipart upload"}),
        ("s3:PutObject", {"s3:ListBucket"}),
        ("s3:AbortMultipartUpload", {"multipart upload", "part copy"}),
    ],
)
def test_a_policy_that_denies_an_action_is_found_and_hides_no_other(
    client: "S3Client", settings: S3Settings, bucket: str, *, action: str, others: set[str]
) -> None:
    denied(client, bucket, action)

    found = findings(client, settings, bucket)

    assert found[action].status == "failed"
    assert found[action].advice == f"allow {action} on arn:aws:s3:::{bucket}/*"
    assert {each: found[each].status for each in others} == dict.fromkeys(others, "ok")
    left = bool(left_in(client, bucket)) or "Uploads" in client.list_multipart_uploads(
        Bucket=bucket
    )
    assert left == ("cleaning" in found)


def test_a_store_that_ignores_conditions_is_told_of(moto_settings: S3Settings) -> None:
    client = make_client(moto_settings)

    found = findings(client, moto_settings, "bucket")

    for check in ("conditional copy", "conditional part copy"):
        assert found[check].status == "warning"
        assert "cannot pin" in found[check].advice
    assert found["s3:DeleteObject"].status == "ok"
    assert not left_in(client, "bucket")


def test_a_bucket_that_is_not_there_is_one_finding(
    client: "S3Client", settings: S3Settings
) -> None:
    first, rest = examine(client, settings, "no-such-bucket")

    assert (first.status, rest.status) == ("failed", "skipped")
    assert "NoSuchBucket" in first.detail


def test_wrong_keys_are_no_narrow_policy(settings: S3Settings) -> None:
    wrong = settings.model_copy(update={"accesskey": "nobodys"})

    first, rest = examine(make_client(wrong), wrong, wrong.bucket)

    assert (first.status, rest.status) == ("failed", "skipped")
    assert "accesskey" in first.advice


def test_an_endpoint_that_is_not_there_is_one_finding(
    stub: "Stub", stub_settings: S3Settings
) -> None:
    away = stub_settings.model_copy(update={"regionendpoint": "http://127.0.0.1:1"})

    first, rest = examine(make_client(away, attempts=1), away, away.bucket)

    assert (first.status, rest.status) == ("failed", "skipped")
    assert "127.0.0.1:1" in first.detail


def test_every_permission_that_is_refused_has_a_line_and_a_cure(
    stub: "Stub", stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    stub.answer(403, "<Error><Code>AccessDenied</Code></Error>")

    found = findings(stub_client, stub_settings, "bucket")

    failed = {name for name, each in found.items() if each.status == "failed"}
    assert failed >= {"s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:PutObject"}
    assert all(each.advice for name, each in found.items() if name in failed)


def test_a_store_that_never_answers_is_one_finding(stub_settings: S3Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        endpoint = f"http://127.0.0.1:{mute.getsockname()[1]}"
        silent = stub_settings.model_copy(update={"regionendpoint": endpoint})

        first, rest = examine(make_client(silent, attempts=1, read_timeout=0.2), silent, "bucket")

    assert (first.status, rest.status) == ("failed", "skipped")
    assert "Read timeout" in first.detail


def test_an_answer_that_nobody_foresaw_hides_no_other_finding(
    stub: "Stub", stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    stub.answer(200, "")

    found = findings(stub_client, stub_settings, "bucket")

    assert found["s3:GetBucketLocation"].status == "warning"
    assert "not understood" in found["s3:GetBucketLocation"].detail
    assert found["multipart upload"].status == "failed"
    assert "s3:DeleteObject" in found


def test_a_clock_that_is_off_is_told_before_s3_refuses(
    stub: "Stub", stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    stub.answer(
        200,
        "<ListBucketResult/>",
        Date=format_datetime(datetime.now(UTC) + FIVE_MINUTES, usegmt=True),
    )

    found = findings(stub_client, stub_settings, "bucket")["clock"]

    assert found.status == "warning"
    assert "clock" in found.advice


def test_a_clock_that_s3_refuses_is_no_wrong_key(
    stub: "Stub", stub_client: "S3Client", stub_settings: S3Settings
) -> None:
    stub.answer(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>")

    first, _ = examine(stub_client, stub_settings, "bucket")

    assert "clock" in first.advice
    assert "accesskey" not in first.advice
