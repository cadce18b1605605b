"""The client's own connections, used without `http.client` and urllib3 where one is open."""

from __future__ import annotations

from http.client import HTTPException
from ssl import SSLError as TLSError
from typing import TYPE_CHECKING, Any
from weakref import ref

from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError, SSLError
from botocore.httpsession import URLLib3Session

from driver.lean.exchange import ask
from driver.lean.plain import Reply

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from driver.lean.routes import Built, Route


class Wire:
    """Sends requests; botocore's session opens connections, with its TLS and its timeouts."""

    def __init__(self, client: S3Client) -> None:
        self._session: Any = client._endpoint.http_session  # type: ignore[attr-defined]  # noqa: SLF001

    def is_direct(self, url: str) -> bool:
        """Tell whether the session goes to the host itself, not over a proxy."""
        if type(self._session) is not URLLib3Session:
            return False
        proxies: Any = self._session._proxy_config  # type: ignore[attr-defined]  # noqa: SLF001
        return not proxies.proxy_url_for(url)

    def send(self, route: Route, request: Built) -> Reply | Exception:
        """Return the answer, or the error that botocore's session raises in such a case."""
        try:
            reply = ask(self._pool(route, request.url), request.message(route.host))
        except Exception as error:  # noqa: BLE001  # boto3 raises it
            return _as_botocore(error, request)
        if reply is not None:
            return reply
        try:
            response = self._session.send(request.prepared())
        except Exception as error:  # noqa: BLE001  # boto3 raises it
            return error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, response.content)

    def _pool(self, route: Route, url: str) -> Any:
        pool = route.pool()
        if pool is None:  # none yet, or the client was closed
            pool = self._session._manager.connection_from_url(url)  # noqa: SLF001
            route.pool = ref(pool)
        return pool


def _as_botocore(error: Exception, request: Built) -> Exception:
    """Return what botocore's session makes of it (`URLLib3Session.send`, 1.44, 2026-11)."""
    if isinstance(error, TimeoutError):
        return ReadTimeoutError(endpoint_url=request.url, error=error)
    if isinstance(error, TLSError):
        return SSLError(endpoint_url=request.url, error=error)
    if isinstance(error, (OSError, HTTPException)):
        return ConnectionClosedError(
            error=error, request=request.prepared(), endpoint_url=request.url
        )
    return HTTPClientError(error=error)
