"""Whatever a store answers, a lean copy ends as boto3's does, after as many requests."""

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from driver import Throttled, hand_throttles_on
from driver.translate import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_s3 import S3Client

    from config import RequestPath
    from tests.driver.lean.conftest import Clients, Store

COPY: dict[str, Any] = {
    "Bucket": "bucket",
    "Key": "a",
    "CopySource": {"Bucket": "bucket", "Key": "source"},
}
CLOSE = b""
GOOD = b"<CopyObjectResult><ETag>&quot;e&quot;</ETag></CopyObjectResult>"
PRETTY = b"""<?xml version="1.0" encoding="UTF-8"?>
<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <LastModified>2026-11-24T12:00:00.000Z</LastModified>
  <ETag>&#34;e&amp;&lt;&#34;</ETag> <ChecksumCRC32>AAAA==</ChecksumCRC32><Else>1</Else>
  <ChecksumType>FULL_OBJECT</ChecksumType>
</CopyObjectResult>
"""
ERROR = b"<?xml version='1.0'?>\n<Error><Code>%s</Code><Message>m</Message></Error>"
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def told(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, more, len(body), body)


def chunk(body: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(body), extension, body)


FINE = told(GOOD)
HEADERS = (
    b"x-amz-version-id: v\r\nX-Amz-Copy-Source-Version-Id: w\r\nx-amz-id-2: h\r\n"
    b"x-amz-server-side-encryption-bucket-key-enabled: true\r\nx-amz-request-id: r\r\n"
)
OUTCOMES: dict[str, list[list[bytes]]] = {
    "plain": [[FINE]],
    "headers": [[told(PRETTY, more=HEADERS)]],
    "in pieces": [[FINE[:9], FINE[9:30], FINE[30:-20], FINE[-20:]]],
    "chunked": [[CHUNKED + chunk(GOOD) + chunk(b"")]],
    "chunked behind white space": [
        [CHUNKED, chunk(b"  "), chunk(b"\n"), chunk(GOOD[:20]), chunk(GOOD[20:]) + chunk(b"")]
    ],
    "chunks with extensions and trailers": [
        [CHUNKED + chunk(GOOD, b";x=y") + b"0\r\nx-a: b\r\n\r\n"]
    ],
    "no length": [[HEAD + b"Connection: close\r\n\r\n" + GOOD, CLOSE]],
    "HTTP/1.0": [[FINE.replace(b"1.1", b"1.0"), CLOSE]],
    "a header twice": [[told(GOOD, more=b"x-amz-version-id: v\r\nx-amz-version-id: w\r\n")]],
    "continue first": [[b"HTTP/1.1 100 Continue\r\n\r\n", FINE]],
    "an error in a 200": [[told(ERROR % b"InternalError")], [FINE]],
    "an error behind white space": [[CHUNKED, chunk(b" "), chunk(ERROR % b"SlowDown"), chunk(b"")]],
    "an empty body": [[told(b"")]],
    "no ETag": [[told(b"<CopyObjectResult/>")]],
    "another document": [[told(b"<CopyPartResult><ETag>e</ETag></CopyPartResult>")]],
    "broken XML": [[told(b"<CopyObjectResult><ETag>e</ETag>")]],
    "a nested field": [[told(GOOD.replace(b"<ETag>", b"<Checksum><A/></Checksum><ETag>"))]],
    "CDATA": [[told(GOOD.replace(b"&quot;e&quot;", b"<![CDATA[e]]>"))]],
    "another encoding": [[told(GOOD.decode().replace("e&", "é&").encode("utf-8"))]],
    "cut short": [[told(GOOD)[:-9], CLOSE], [FINE]],
    "cut in a chunk": [[CHUNKED + chunk(GOOD)[:-9], CLOSE], [FINE]],
    "cut between chunks": [[CHUNKED + chunk(GOOD), CLOSE], [FINE]],
    "cut in a header": [[FINE[:30], CLOSE], [FINE]],
    "closed without an answer": [[CLOSE], [FINE]],
    "always closed": [[CLOSE]],
    "not HTTP": [[b"SSH-2.0-x\r\n\r\n", CLOSE], [FINE]],
    "not found": [[told(ERROR % b"NoSuchKey", b"404 Not Found")]],
    "precondition failed": [[told(ERROR % b"PreconditionFailed", b"412 Precondition Failed")]],
    "precondition failed at the second": [
        [CLOSE],
        [told(ERROR % b"PreconditionFailed", b"412 Precondition Failed")],
    ],
    "expired token": [[told(ERROR % b"ExpiredToken", b"400 Bad Request")]],
    "throttled, then fine": [[told(ERROR % b"SlowDown", b"503 Slow Down")], [FINE]],
    "always throttled": [
        [told(ERROR % b"SlowDown", b"503 Slow Down", b"Retry-After: 7\r\n")],
    ],
    "a gateway's page": [[told(b"<html>oops</html>", b"502 Bad Gateway")], [FINE]],
    "no content": [[b"HTTP/1.1 204 No Content\r\n\r\n"]],
}


class Met:
    """What a client's caller, and the store, have met."""

    def __init__(self, store: "Store", client: "S3Client", answers: list[list[bytes]]) -> None:
        store.answers[:] = [[FINE]]
        client.copy_object(**COPY)
        store.asked.clear()
        store.answers[:] = [list(pieces) for pieces in answers]
        self.outcome = outcome(lambda: client.copy_object(**COPY))
        self.requests = [(each.line, attempt(each)) for each in store.asked]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Met) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return str(vars(self))


def attempt(asked: Any) -> str:
    """Return which attempt a request is; the time until which it may be tried is left out."""
    return str(asked.headers["amz-sdk-request"]).rpartition("attempt=")[2]


def outcome(call: "Callable[[], Any]") -> Any:
    try:
        return metadata(call())
    except ClientError as error:
        return type(error).__name__, str(error), metadata(error.response)
    except Exception as error:  # noqa: BLE001  # whichever it is, both have it
        return type(error).__name__, str(error)


def metadata(answer: Any) -> Any:
    told = answer["ResponseMetadata"]
    ids = {name: told.get(name) or "" for name in ("RequestId", "HostId")}
    return {**answer, "ResponseMetadata": {**told, **ids}}


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_is_boto3s_own(store: "Store", clients: "Clients", name: str) -> None:
    theirs = Met(store, clients.make("boto3"), OUTCOMES[name])

    assert Met(store, clients.make("lean"), OUTCOMES[name]) == theirs


@pytest.mark.parametrize("path", ["lean", "boto3"])
def test_a_connection_that_was_closed_while_idle_is_opened_again_and_nothing_is_repeated(
    store: "Store", clients: "Clients", path: "RequestPath"
) -> None:
    client = clients.make(path)
    store.then(FINE)
    client.copy_object(**COPY)
    client.copy_object(**COPY)
    store.close_connections()

    answer = client.copy_object(**COPY)

    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    assert [each.connection for each in store.asked] == [1, 1, 2]
    assert {attempt(each) for each in store.asked} == {"1; max=4"}


@pytest.mark.parametrize("path", ["lean", "boto3"])
def test_a_store_that_is_silent_times_out_as_often_as_it_is_asked(
    store: "Store", clients: "Clients", path: "RequestPath"
) -> None:
    client = clients.make(path, read_timeout=0.2)
    store.then(FINE)
    client.copy_object(**COPY)
    store.answers[:] = [[b"HTTP/1.1 2"]]

    assert outcome(lambda: client.copy_object(**COPY))[0] == "ReadTimeoutError"

    assert len(store.asked) == 5


@pytest.mark.parametrize("path", ["lean", "boto3"])
def test_a_bucket_of_another_region_is_asked_there_from_then_on(
    store: "Store", clients: "Clients", path: "RequestPath"
) -> None:
    client = clients.make(path)
    store.then(FINE)
    client.copy_object(**COPY)
    moved = told(
        ERROR % b"PermanentRedirect",
        b"301 Moved Permanently",
        b"x-amz-bucket-region: eu-west-1\r\n",
    )
    store.answers[:] = [[moved], [FINE]]

    for _ in range(3):
        client.copy_object(**COPY)

    regions = [each.headers["authorization"].split("/")[2] for each in store.asked]
    assert regions == ["us-east-1"] * 2 + ["eu-west-1"] * 3


def test_a_connection_that_is_not_kept_is_not_used_again(
    store: "Store", clients: "Clients"
) -> None:
    client = clients.make("lean")
    store.then(FINE)
    client.copy_object(**COPY)
    store.answers[:] = [[told(GOOD, more=b"Connection: close\r\n")], [FINE]]

    client.copy_object(**COPY)
    client.copy_object(**COPY)

    assert [each.connection for each in store.asked] == [1, 1, 2]


def test_a_closed_client_works_on(store: "Store", clients: "Clients") -> None:
    client = clients.make("lean")
    store.then(FINE)
    client.copy_object(**COPY)
    client.close()

    client.copy_object(**COPY)
    client.copy_object(**COPY)

    assert [each.connection for each in store.asked] == [1, 2, 2]


def test_successes_give_back_what_retries_have_spent(store: "Store", clients: "Clients") -> None:
    """Else a worker that has met many faults would end with no retry at all."""
    client: Any = clients.make("lean")
    (release,) = client.meta.events._emitter._handlers.prefix_search("after-call.s3.CopyObject")
    quota = release.__self__._quota
    store.answers[:] = [[told(ERROR % b"SlowDown", b"503 Slow Down")]]
    outcome(lambda: client.copy_object(**COPY))
    spent = quota.available_capacity
    store.answers[:] = [[FINE]]

    for _ in range(3):
        client.copy_object(**COPY)

    assert quota.available_capacity == spent + 3


def test_a_store_whose_answers_only_boto3_can_read_is_left_to_boto3(
    store: "Store", clients: "Clients", monkeypatch: pytest.MonkeyPatch
) -> None:
    client = clients.make("lean")
    store.then(told(b"<a:CopyObjectResult xmlns:a='x'><a:ETag>e</a:ETag></a:CopyObjectResult>"))
    client.copy_object(**COPY)
    monkeypatch.setattr("driver.lean.wire.Wire.send", None)

    client.copy_object(**COPY)

    assert len(store.asked) == 2


@pytest.mark.parametrize("path", ["lean", "boto3"])
def test_a_throttled_copy_is_handed_on_at_once(
    store: "Store", clients: "Clients", path: "RequestPath"
) -> None:
    client = clients.make(path)
    hand_throttles_on(client)
    store.then(FINE)
    client.copy_object(**COPY)
    store.answers[:] = OUTCOMES["always throttled"]

    with pytest.raises(Throttled) as caught, translated("CopyObject"):
        client.copy_object(**COPY)

    assert (caught.value.retry_after, caught.value.repeated) == (7, False)
    assert len(store.asked) == 2
