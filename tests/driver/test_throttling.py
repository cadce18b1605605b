"""A client whose throttled copies are its caller's to repeat."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from types_boto3_s3 import S3Client

from config import S3Settings
from driver import (
    Location,
    Pin,
    Throttled,
    Transient,
    Upload,
    copy_part,
    hand_throttles_on,
    make_client,
)

PIN = Pin(Location("bucket", "a"), 10, "e", None)
UPLOAD = Upload(Location("bucket", "b"), "u")


class Store:
    """Answers each request with the next of these statuses and codes."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self.answers = list(answers)

    def answer(self, **_: object) -> Any:
        status, code = self.answers.pop(0)
        headers = HTTPHeaders()
        if code == "SlowDown":
            headers["Retry-After"] = "3"
        answer: Any = AWSResponse("https://bucket", status, headers, None)
        answer._content = f"<Error><Code>{code}</Code></Error>".encode()  # else it is read
        return answer


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Client]:
    monkeypatch.setattr("botocore.retries.standard.random.random", lambda: 0.0)
    settings = S3Settings(
        bucket="bucket",
        region="eu-central-1",
        accesskey="a",
        secretkey="s",
    )
    client = make_client(settings)
    hand_throttles_on(client)
    yield client
    client.close()


def answers(client: S3Client, *given: tuple[int, str]) -> Store:
    store = Store(*given)
    client.meta.events.register("before-send.s3", store.answer)
    return store


def test_the_first_throttled_answer_to_a_copy_is_raised(client: S3Client) -> None:
    store = answers(client, (503, "SlowDown"), (503, "SlowDown"))

    with pytest.raises(Throttled) as caught:
        copy_part(client, UPLOAD, PIN, 1, 5)

    assert (caught.value.retry_after, caught.value.repeated) == (3, False)
    assert len(store.answers) == 1


def test_a_throttle_in_the_body_of_a_200_is_raised(client: S3Client) -> None:
    answers(client, (200, "SlowDown"))

    with pytest.raises(Throttled):
        copy_part(client, UPLOAD, PIN, 1, 5)


def test_other_failures_of_a_copy_are_tried_again_as_before(client: S3Client) -> None:
    store = answers(client, *[(500, "InternalError")] * 4)

    with pytest.raises(Transient) as caught:
        copy_part(client, UPLOAD, PIN, 1, 5)

    assert type(caught.value) is Transient
    assert store.answers == []


def test_a_throttle_behind_another_failure_says_so(client: S3Client) -> None:
    answers(client, (500, "InternalError"), (503, "SlowDown"))

    with pytest.raises(Throttled) as caught:
        copy_part(client, UPLOAD, PIN, 1, 5)

    assert caught.value.repeated


def test_throttles_of_other_requests_are_tried_again_by_the_client(client: S3Client) -> None:
    store = answers(client, *[(503, "SlowDown")] * 4)

    with pytest.raises(client.exceptions.ClientError):
        client.get_object_tagging(Bucket="bucket", Key="a")

    assert store.answers == []
