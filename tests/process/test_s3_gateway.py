"""The gateway itself: it changes nothing, sees everything, and spoils what it is told to."""

import hashlib
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError
from types_boto3_s3 import S3Client

from tests.process.s3_gateway import S3Gateway
from tests.process.s3_rule import Rule
from worker.fleet import SeaweedFS

MIB = 1 << 20
BUCKET = "gateway"


@pytest.fixture
def client(
    connect: Callable[..., S3Client], seaweedfs: SeaweedFS, gateway: S3Gateway, s3: S3Client
) -> S3Client:
    s3.put_object(Bucket=BUCKET, Key="a/source", Body=bytes(6 * MIB))  # makes the bucket, too
    return connect(seaweedfs, gateway.endpoint)


def start_upload(client: S3Client, key: str) -> str:
    return client.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]


def copy_part(client: S3Client, key: str, upload: str, number: int) -> str:
    answer = client.upload_part_copy(
        Bucket=BUCKET,
        Key=key,
        UploadId=upload,
        PartNumber=number,
        CopySource={"Bucket": BUCKET, "Key": "a/source"},
        CopySourceRange=f"bytes=0-{5 * MIB - 1}",
    )
    return answer["CopyPartResult"]["ETag"]


def test_a_multipart_copy_passes_unchanged_and_each_request_is_recorded(
    client: S3Client, gateway: S3Gateway, s3: S3Client
) -> None:
    upload = start_upload(client, "a/copy é+b")

    etags = {n: copy_part(client, "a/copy é+b", upload, n) for n in (1, 2)}
    client.list_parts(Bucket=BUCKET, Key="a/copy é+b", UploadId=upload)
    client.complete_multipart_upload(
        Bucket=BUCKET,
        Key="a/copy é+b",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": n, "ETag": e} for n, e in etags.items()]},
    )

    assert s3.head_object(Bucket=BUCKET, Key="a/copy é+b")["ContentLength"] == 10 * MIB
    operations = [
        ("CreateMultipartUpload", None, None),
        ("UploadPartCopy", 1, upload),
        ("UploadPartCopy", 2, upload),
        ("ListParts", None, upload),
        ("CompleteMultipartUpload", None, upload),
    ]
    seen = gateway.seen(key="a/copy é+b")
    assert [(r.operation, r.part, r.upload_id) for r in seen] == operations
    assert {(r.bucket, r.status) for r in seen} == {(BUCKET, 200)}
    assert all(r.end is not None and r.start < r.end for r in seen)
    assert seen[1].headers["x-amz-copy-source-range"] == f"bytes=0-{5 * MIB - 1}"


def test_large_bodies_pass_in_both_directions(client: S3Client) -> None:
    body = b"0123456789abcdef" * (2 * MIB)

    client.put_object(Bucket=BUCKET, Key="large", Body=io.BytesIO(body))
    answer = client.get_object(Bucket=BUCKET, Key="large")

    assert hashlib.sha256(answer["Body"].read()).digest() == hashlib.sha256(body).digest()


@pytest.mark.parametrize(
    ("call", "operation"),
    [
        (lambda c: c.list_objects_v2(Bucket=BUCKET, Prefix="a/"), "ListObjectsV2"),
        (lambda c: c.list_multipart_uploads(Bucket=BUCKET), "ListMultipartUploads"),
        (lambda c: c.head_bucket(Bucket=BUCKET), "HeadBucket"),
        (lambda c: c.head_object(Bucket=BUCKET, Key="a/source"), "HeadObject"),
        (lambda c: c.get_object_tagging(Bucket=BUCKET, Key="a/source"), "GetObjectTagging"),
        (lambda c: c.delete_object(Bucket=BUCKET, Key="absent"), "DeleteObject"),
        (
            lambda c: c.copy_object(Bucket=BUCKET, Key="b", CopySource=f"{BUCKET}/a/source"),
            "CopyObject",
        ),
        (
            lambda c: c.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "b"}]}),
            "DeleteObjects",
        ),
    ],
)
def test_a_request_is_recorded_by_the_name_of_its_operation(
    client: S3Client, gateway: S3Gateway, call: Callable[[S3Client], object], operation: str
) -> None:
    call(client)

    assert [r.operation for r in gateway.seen()] == [operation]


def test_a_rule_answers_in_the_place_of_s3_as_often_as_it_is_told_to(
    client: S3Client, gateway: S3Gateway
) -> None:
    upload = start_upload(client, "slow")
    gateway.when("UploadPartCopy", part=2, times=1).respond(503, "SlowDown")

    copy_part(client, "slow", upload, 1)
    with pytest.raises(ClientError, match="SlowDown"):
        copy_part(client, "slow", upload, 2)
    copy_part(client, "slow", upload, 2)

    assert [r.status for r in gateway.seen("UploadPartCopy")] == [200, 503, 200]


def test_a_dropped_reply_leaves_the_work_done(
    client: S3Client, gateway: S3Gateway, s3: S3Client
) -> None:
    gateway.when("PutObject").drop_reply()

    with pytest.raises(ConnectionClosedError):
        client.put_object(Bucket=BUCKET, Key="dropped", Body=b"written")

    assert s3.get_object(Bucket=BUCKET, Key="dropped")["Body"].read() == b"written"


def test_an_error_after_the_effect_leaves_the_work_done(
    client: S3Client, gateway: S3Gateway, s3: S3Client
) -> None:
    gateway.when("PutObject", times=1).respond_after(500, "InternalError")

    with pytest.raises(ClientError, match="InternalError"):
        client.put_object(Bucket=BUCKET, Key="late", Body=b"written")

    assert s3.get_object(Bucket=BUCKET, Key="late")["Body"].read() == b"written"
    client.put_object(Bucket=BUCKET, Key="late", Body=b"again")  # the connection goes on


def test_requests_that_no_rule_names_are_spoiled_as_a_source_of_faults_says(
    connect: Callable[..., S3Client], seaweedfs: SeaweedFS
) -> None:
    spoiled = Rule().respond(503, "SlowDown")
    with S3Gateway(seaweedfs.endpoint, lambda r: spoiled if r.key == "a" else None) as gateway:
        client = connect(seaweedfs, gateway.endpoint)
        client.put_object(Bucket=BUCKET, Key="b", Body=b"passes")
        with pytest.raises(ClientError, match="SlowDown"):
            client.put_object(Bucket=BUCKET, Key="a", Body=b"refused")

    assert [request.status for request in gateway.seen()] == [200, 503]


def test_a_reset_request_never_reaches_s3(
    client: S3Client, gateway: S3Gateway, s3: S3Client
) -> None:
    gateway.when(key="a/source", times=1).reset()

    with pytest.raises(ConnectionClosedError):
        client.delete_object(Bucket=BUCKET, Key="a/source")

    assert s3.head_object(Bucket=BUCKET, Key="a/source")
    assert [(r.operation, r.status) for r in gateway.seen()] == [("DeleteObject", None)]


def test_the_peak_counts_the_requests_that_are_in_flight_at_once(
    client: S3Client, gateway: S3Gateway
) -> None:
    together = threading.Barrier(5, timeout=30)
    gateway.when("HeadObject").call(together.wait)

    with ThreadPoolExecutor(5) as pool:
        for _ in range(10):
            pool.submit(client.head_object, Bucket=BUCKET, Key="a/source")
    client.delete_object(Bucket=BUCKET, Key="absent")

    assert gateway.peak("HeadObject") == 5
    assert gateway.peak("DeleteObject") == 1
    assert gateway.peak("GetObject") == 0


def test_a_gateway_outlives_the_s3_behind_it(connect: Callable[..., S3Client]) -> None:
    with SeaweedFS() as server, S3Gateway(server.endpoint) as gateway:
        client = connect(server, gateway.endpoint)
        client.put_object(Bucket=server.bucket, Key="a", Body=b"kept")

        server.kill()
        with pytest.raises(HTTPClientError):
            client.head_object(Bucket=server.bucket, Key="a")
        server.restart()

        assert client.get_object(Bucket=server.bucket, Key="a")["Body"].read() == b"kept"
