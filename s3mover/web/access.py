"""Who may see or change anything: whoever has a token, or whom the application around lets in."""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse

from s3mover.web.origin import SAFE, same_origin
from s3mover.web.problems import problem

if TYPE_CHECKING:
    from starlette.responses import Response

    from s3mover.web.tokens import Tokens

Endpoint = Callable[[Request], Awaitable["Response"]]
Authenticate = Callable[[Request], bool | Awaitable[bool]]

SESSION = "s3mover_session"
"""The cookie of a session."""

_BEARER = "bearer "


def anyone(_request: Request) -> bool:
    """Let everybody in: for an application that has authenticated its users before."""
    return True


class Access:
    """Decides about each request; without tokens the application's own `authenticate` does."""

    def __init__(self, tokens: Tokens | None, authenticate: Authenticate | None = None) -> None:
        self.tokens = tokens
        self._authenticate = authenticate

    async def allows(self, request: Request) -> bool:
        """Tell whether whoever asks may see anything."""
        if self._authenticate is not None:
            answer = self._authenticate(request)
            return bool(await answer if inspect.isawaitable(answer) else answer)
        if self.tokens is None:
            return False
        token = _bearer(request)
        if token is not None:
            return self.tokens.accept(token)
        return self.tokens.is_session(request.cookies.get(SESSION, ""), time.time())

    def guard(self, endpoint: Endpoint, *, page: bool) -> Endpoint:
        """Return an endpoint that answers nobody else, and changes nothing for other sites."""

        async def guarded(request: Request) -> Response:
            if not await self.allows(request):
                return _to_login() if page and self.tokens else _unauthorized()
            if request.method not in SAFE and self.foreign(request):
                return foreign()
            request.state.lasts = lambda: self._lasts(request)
            return await endpoint(request)

        return guarded

    def _lasts(self, request: Request) -> bool:
        """Tell whether the session is still one: what is streamed ends with it."""
        if self.tokens is None or _bearer(request) is not None:
            return True
        return self.tokens.is_session(request.cookies.get(SESSION, ""), time.time())

    def foreign(self, request: Request) -> bool:
        """Tell whether another site may have made the request: no browser adds a token itself."""
        if self.tokens is None:
            # Clients of the application around may be no browsers.
            return same_origin(request.headers) is False
        return _bearer(request) is None and same_origin(request.headers) is not True


def foreign() -> Response:
    """Refuse what another site's page has asked for."""
    return problem(403, "a request that changes something comes from this site, or with the token")


def _to_login() -> Response:
    return RedirectResponse("login", 303)


def _unauthorized() -> Response:
    return problem(
        401, "send the token: Authorization: Bearer …", headers={"WWW-Authenticate": "Bearer"}
    )


def _bearer(request: Request) -> str | None:
    given = request.headers.get("authorization", "")
    return given[len(_BEARER) :].strip() if given.lower().startswith(_BEARER) else None
