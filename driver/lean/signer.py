"""botocore's signer of version 4, which here derives the key of a day once."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.auth import S3SigV4Auth

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

CONTENT = "x-amz-content-sha256"


class Signed(dict[str, str]):
    """The headers that are signed; botocore asks for all of a name."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]]


@dataclass(slots=True)
class Signable:
    """A request as botocore's signer looks at it."""

    method: str
    url: str
    signed: Signed
    context: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    params: None = None


class Signer(S3SigV4Auth):
    """Signs for one region with one set of credentials; safe to share between threads."""

    def __init__(self, credentials: ReadOnlyCredentials, service: str, region: str) -> None:
        super().__init__(credentials, service, region)
        self._place = (region, service)
        self._of_day = ("", b"")

    def authorization(self, method: str, url: str, signed: Signed, timestamp: str) -> str:
        """Return the Authorization header of a request without a body."""
        content = {"X-Amz-Content-SHA256": signed[CONTENT]}
        request: Any = Signable(method, url, signed, {"timestamp": timestamp}, content)
        text = self.string_to_sign(request, self.canonical_request(request))
        return (
            f"AWS4-HMAC-SHA256 Credential={self.scope(request)}, "
            f"SignedHeaders={self.signed_headers(signed)}, "
            f"Signature={self.signature(text, request)}"
        )

    def headers_to_sign(self, request: Any) -> Any:
        return request.signed

    def signature(self, string_to_sign: str, request: Any) -> str:
        key = self._key(request.context["timestamp"][:8])
        return hmac.digest(key, string_to_sign.encode(), "sha256").hex()

    def _key(self, day: str) -> bytes:
        known, key = self._of_day
        if known != day:
            key = f"AWS4{self.credentials.secret_key}".encode()
            for text in (day, *self._place, "aws4_request"):
                key = hmac.digest(key, text.encode(), "sha256")
            self._of_day = (day, key)
        return key
