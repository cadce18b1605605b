"""The way of one kind of request to one bucket, as botocore prepares it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.auth import SIGV4_TIMESTAMP
from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from botocore.compat import get_current_datetime

from driver.lean.signer import CONTENT, Signed, Signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.credentials import ReadOnlyCredentials

    from driver.lean.form import Filled

METHOD = "PUT"
INVOCATION = "amz-sdk-invocation-id"
TOKEN = "x-amz-security-token"  # noqa: S105  # a header's name


@dataclass(frozen=True, slots=True)
class Built:
    """A request that is ready to be sent."""

    url: str
    target: str
    headers: dict[str, str]

    def message(self, host: str) -> bytes:
        """Return what urllib3 would write."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        start = f"{METHOD} {self.target} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n"
        return f"{start}{lines}\r\n".encode("ascii")

    def prepared(self) -> AWSPreparedRequest:
        headers: Any = HeadersDict(self.headers)
        return AWSPreparedRequest(METHOD, self.url, headers, None, stream_output=False)


@dataclass(slots=True)
class Route:
    """What all requests of a kind to a bucket have in common; `build` makes one."""

    origin: str
    """Scheme and host."""
    prefix: str
    """The path before the key."""
    host: str
    """As it is signed and sent."""
    service: str
    region: str
    content: str
    """The value of the header that says what of the body is signed."""
    sent: dict[str, str]
    """Headers that are not signed and always the same."""
    pool: Callable[[], Any] = field(default=lambda: None, init=False)
    """urllib3's connections to the host, which are the session's to hold."""
    _signer: Signer | None = field(default=None, init=False)

    def build(
        self, filled: Filled, credentials: ReadOnlyCredentials, timestamp: str | None = None
    ) -> Built:
        timestamp = timestamp or get_current_datetime().strftime(SIGV4_TIMESTAMP)
        target = self.prefix + filled.path
        own = {**filled.headers, "x-amz-date": timestamp, CONTENT: self.content}
        if credentials.token:
            own[TOKEN] = credentials.token
        signed = Signed(own, host=self.host)
        url = self.origin + target
        signature = self._signing(credentials).authorization(METHOD, url, signed, timestamp)
        own["authorization"] = signature
        return Built(url, target, {**own, **self.sent, INVOCATION: str(uuid.uuid4())})

    def _signing(self, credentials: ReadOnlyCredentials) -> Signer:
        signer = self._signer
        if signer is None or signer.credentials != credentials:
            signer = self._signer = Signer(credentials, self.service, self.region)
        return signer


def as_text(headers: Any) -> dict[str, str]:
    """Return the headers of a prepared request, names in lower case."""
    return {
        name.lower(): value.decode() if isinstance(value, bytes) else value
        for name, value in headers.items()
    }
