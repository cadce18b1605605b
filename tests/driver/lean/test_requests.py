"""Lean requests are those that boto3 makes, to the byte of their signatures."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from driver.lean import routes

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from tests.driver.lean.conftest import Asked, Clients, Store

NOW = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001  # as botocore has it
COPIED = b"<CopyObjectResult><ETag>e</ETag></CopyObjectResult>"
PART = b"<CopyPartResult><ETag>e</ETag></CopyPartResult>"
KEYS = [
    "plain",
    "two  spaces",
    "plus+sign",
    "percent%20sign",
    "question?mark#hash",
    "ünï/côdé/文字/🙂",
    "/leading",
    "//a//b/",
    "./../a",
    "a&b=c;d,e:f@g$h!i*j(k)[l]{m}|n^o~p`q\\r'\"",
    "line\nbreak\x01",
]
WHOLE: list[dict[str, Any]] = [
    {},
    {"IfNoneMatch": "*"},
    {"IfMatch": '"e"', "CopySourceIfMatch": '"e"'},
    {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "k", "BucketKeyEnabled": True},
    {"StorageClass": "STANDARD_IA", "ACL": "private", "TaggingDirective": "REPLACE"},
    {"Tagging": "a=1&b=%26%3D%20", "WebsiteRedirectLocation": "/other  place"},
    {"Metadata": {"colour": "blue"}, "MetadataDirective": "REPLACE"},
    {"Expires": datetime(2030, 1, 1, tzinfo=UTC), "MetadataDirective": "REPLACE"},
    {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "one"},
    {"ExpectedBucketOwner": "1" * 12, "ExpectedSourceBucketOwner": "2" * 12},
]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW)
    monkeypatch.setattr(routes, "get_current_datetime", lambda: NOW)


def compare(store: "Store", mine: "S3Client", theirs: "S3Client", method: str, ask: Any) -> None:
    """Ask by boto3, and twice lean: the second time on the connection of the first."""
    store.asked.clear()
    for client in (theirs, mine, mine):
        getattr(client, method)(**ask)

    reference, first, second = map(request, store.asked)
    assert first == second == reference


def request(asked: "Asked") -> tuple[str, dict[str, str]]:
    headers = {k: v for k, v in asked.headers.items() if k != "amz-sdk-invocation-id"}
    return asked.line, headers


def copy(key: str, source: str = "source", **more: Any) -> dict[str, Any]:
    return {"Bucket": "bucket", "Key": key, "CopySource": {"Bucket": "b", "Key": source}, **more}


@pytest.mark.parametrize("more", WHOLE, ids="+".join)
def test_a_copy_with_these_parameters_is_asked_for_as_by_boto3(
    store: "Store", clients: "Clients", answer: Any, more: dict[str, Any]
) -> None:
    store.then(answer(COPIED))

    compare(store, clients.make("lean"), clients.make("boto3"), "copy_object", copy("a", **more))


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_asked_for_as_by_boto3(
    store: "Store", clients: "Clients", answer: Any, key: str
) -> None:
    mine, theirs = clients.make("lean"), clients.make("boto3")
    part = {"UploadId": "u+/=~ é", "PartNumber": 10_000, "CopySourceRange": "bytes=0-1"}
    store.then(answer(COPIED))
    compare(store, mine, theirs, "copy_object", copy(key, key))
    store.answers[:] = [[answer(PART)]]

    compare(store, mine, theirs, "upload_part_copy", copy(key, key, **part))

    version = {"CopySource": {"Bucket": "b", "Key": key, "VersionId": "v.1_-"}}
    compare(store, mine, theirs, "upload_part_copy", copy(key) | part | version)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(min_size=0))
def test_any_key_and_value_is_asked_for_as_by_boto3(
    store: "Store", clients: "Clients", answer: Any, key: str, value: str
) -> None:
    if not clients.made:
        store.then(answer(COPIED))
        clients.make("lean"), clients.make("boto3")
    mine, theirs = clients.made
    ask = copy(key, key, StorageClass=value)
    store.asked.clear()
    outcomes = [outcome(client, ask) for client in (theirs, mine, mine)]

    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert all(request(each) == request(store.asked[0]) for each in store.asked)


def outcome(client: "S3Client", ask: Any) -> str:
    try:
        client.copy_object(**ask)
    except Exception as error:  # noqa: BLE001  # whichever it is, both have it
        return type(error).__name__
    return "copied"


def test_the_second_request_is_lean_and_the_first_prepares_the_connection(
    store: "Store", clients: "Clients", answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clients.make("lean")
    store.then(answer(COPIED))
    client.copy_object(**copy("a"))
    monkeypatch.setattr("botocore.endpoint.Endpoint.make_request", None)
    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", None)

    client.copy_object(**copy("b"))

    assert [each.connection for each in store.asked] == [1, 1]


@pytest.mark.parametrize(
    "update",
    [{"v4auth": False}, {"loglevel": "debug"}],
    ids=["version 2", "log"],
)
def test_what_only_boto3_does_goes_through_boto3(
    store: "Store", clients: "Clients", answer: Any, update: Any
) -> None:
    store.then(answer(COPIED))
    mine = clients.make("lean", **update)
    theirs = clients.make("boto3", **update)

    assert outcome(mine, copy("a")) == outcome(theirs, copy("a")) == "copied"

    assert request(store.asked[0])[0] == request(store.asked[1])[0]


def test_a_session_token_is_signed(store: "Store", clients: "Clients", answer: Any) -> None:
    store.then(answer(COPIED))
    update = {"sessiontoken": "token/+="}
    secret = type(clients.settings.secretkey)(update["sessiontoken"])
    mine, theirs = (clients.make(path, sessiontoken=secret) for path in ("lean", "boto3"))

    compare(store, mine, theirs, "copy_object", copy("a"))

    assert store.asked[0].headers["x-amz-security-token"] == "token/+="
