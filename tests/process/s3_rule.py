"""What a test asks the gateway to do to the requests it names."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Self
from xml.sax.saxutils import escape

from tests.process.s3_request import S3Request


class Ending(Enum):
    """How the gateway ends a request."""

    FORWARD = auto()
    DROP_REPLY = auto()  # S3 does the work, the client never hears of it
    RESET = auto()  # S3 never hears of it
    RESPOND = auto()
    RESPOND_AFTER = auto()  # S3 does the work, the client hears of an error
    REWRITE = auto()  # S3 does the work, and its answer is changed on the way back


@dataclass
class Rule:
    """Which requests are meant, what happens before they are forwarded, and how they end."""

    operation: str | None = None
    key: str | None = None
    part: int | None = None
    times: int | None = None
    condition: Callable[[], bool] = lambda: True  # the default of a field
    which: Callable[[S3Request], bool] = lambda _: True
    hits: int = 0
    before: list[Callable[[], object]] = field(default_factory=list)
    after: list[Callable[[], object]] = field(default_factory=list)
    ending: Ending = Ending.FORWARD
    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    change: Callable[[bytes, bytes], bytes] = lambda _, reply: reply
    _hit: threading.Event = field(default_factory=threading.Event)

    def delay(self, seconds: float) -> Self:
        return self.call(lambda: time.sleep(seconds))

    def call(self, action: Callable[[], object]) -> Self:
        """Call `action` in the request's thread, before anything is forwarded."""
        self.before.append(action)
        return self

    def call_after(self, action: Callable[[], object]) -> Self:
        """Call `action` when S3 has done the work, before the client hears of it."""
        self.after.append(action)
        return self

    def only_if(self, condition: Callable[[], bool]) -> Self:
        """Leave requests alone while the condition, of the gateway as it is, does not hold."""
        self.condition = condition
        return self

    def where(self, which: Callable[[S3Request], bool]) -> Self:
        """Leave requests alone of which this does not hold."""
        self.which = which
        return self

    def respond(
        self,
        status: int,
        code: str,
        message: str = "injected by a test",
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Answer with an S3 error instead of forwarding."""
        self.headers = headers or {}
        text = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        self.body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()
        self.ending, self.status = Ending.RESPOND, status
        return self

    def respond_after(self, status: int, code: str) -> Self:
        """Answer with an S3 error, after the request was forwarded."""
        self.respond(status, code)
        self.ending = Ending.RESPOND_AFTER
        return self

    def drop_reply(self) -> Self:
        """Forward the request, then close the connection instead of replying."""
        self.ending = Ending.DROP_REPLY
        return self

    def reset(self) -> Self:
        """Close the connection without forwarding the request."""
        self.ending = Ending.RESET
        return self

    def rewrite(self, change: Callable[[bytes, bytes], bytes]) -> Self:
        """Forward the request; the client gets what `change` makes of its and the reply's body."""
        self.change = change
        self.ending = Ending.REWRITE
        return self

    def matches(self, request: S3Request) -> bool:
        return (
            self.operation in (None, request.operation)
            and self.key in (None, request.key)
            and self.part in (None, request.part)
            and (self.times is None or self.hits < self.times)
            and self.condition()
            and self.which(request)
        )

    def hit(self) -> None:
        self.hits += 1
        self._hit.set()

    def wait_until_hit(self, timeout: float = 30.0) -> None:
        """Block until a request has met this rule."""
        assert self._hit.wait(timeout), f"no {self.operation or 'request'} within {timeout:g} s"
