"""What a thread's next request of a client meets instead of the network."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from types_boto3_s3 import S3Client


class StandIn:
    """Stands in for the first attempt of a call; boto3 makes the others, if there are any."""

    def __init__(self, client: S3Client, operation: str) -> None:
        self._of_thread = threading.local()
        client.meta.events.register(f"before-send.s3.{operation}", self._answer)

    @contextmanager
    def answering(self, answer: Callable[[AWSPreparedRequest], AWSResponse]) -> Iterator[None]:
        """Have the next request of this thread answered, or failed, by the function."""
        self._of_thread.answer = answer
        try:
            yield
        finally:
            self._of_thread.answer = None

    def _answer(self, *, request: AWSPreparedRequest, **_: Any) -> Any:
        answer = getattr(self._of_thread, "answer", None)
        if answer is None:
            return None
        self._of_thread.answer = None
        return answer(request)
