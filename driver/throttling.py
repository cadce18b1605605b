"""Throttled copies are the caller's to repeat, where all callers share one limit."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from driver.errors import Throttled
from driver.translate import kind_of

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

COPIES = ("CopyObject", "UploadPartCopy")


def hand_throttles_on(client: "S3Client") -> None:
    """
    Have this client raise `Throttled` at the first throttled answer to a copy.

    Else botocore asks four times by itself: the fleet would hear of one throttle in four, and
    a place of its limit would be held by a thread that sleeps.
    """
    for operation in COPIES:
        client.meta.events.register(f"needs-retry.s3.{operation}", _raise_throttles)


def _raise_throttles(
    *, response: tuple[Any, dict[str, Any]] | None, operation: Any, attempts: int, **_: object
) -> None:
    # An exception of a `needs-retry` handler ends the request (read in botocore 1.44, 2026-11).
    if response is None or "Error" not in response[1]:
        return
    answer = response[1]
    error = ClientError(answer, operation.name)  # type: ignore[arg-type]  # botocore's own dictionary
    if issubclass(kind_of(error, operation.name), Throttled):
        answer.setdefault("ResponseMetadata", {})["RetryAttempts"] = attempts - 1
        raise error
