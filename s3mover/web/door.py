"""Signing in and out: a form that trades a token for the cookie of a session."""

from __future__ import annotations

import logging
import secrets
import time
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, RedirectResponse, Response

from s3mover.web.access import SESSION, foreign
from s3mover.web.bodies import read_form
from s3mover.web.origin import same_origin
from s3mover.web.render import Notice, login_page
from s3mover.web.tokens import LIFETIME, Tokens, is_form_token

if TYPE_CHECKING:
    from starlette.requests import Request

_log = logging.getLogger("s3mover.web")


class Door:
    """The endpoints of a page that asks for a token."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def show(self, _request: Request) -> Response:
        """Show the form that asks for a token."""
        return HTMLResponse(login_page(None))

    async def enter(self, request: Request) -> Response:
        """Open a session for a token."""
        if same_origin(request.headers) is not True:
            return foreign()
        token = (await read_form(request)).get("token", "").strip()
        if not self._tokens.accept(token):
            _log.warning("a login with a wrong token, from %s", _client(request))
            return HTMLResponse(login_page(Notice("bad", "alert", "This is no valid token.")), 403)
        response = RedirectResponse("./", 303)
        keep(request, response, self._tokens.session(token, time.time()))
        return response

    async def leave(self, request: Request) -> Response:
        """Forget the session of this browser."""
        session, is_new = session_of(request)
        if is_new or not is_form_token(session, (await read_form(request)).get("csrf", "")):
            return foreign()
        response = RedirectResponse("login", 303)
        response.delete_cookie(SESSION, _path(request))
        return response


def session_of(request: Request) -> tuple[str, bool]:
    """Return the session of the browser, or else a new one that opens nothing, and which it is."""
    session = request.cookies.get(SESSION, "")
    return (session, False) if session else (secrets.token_urlsafe(), True)


def keep(request: Request, response: Response, session: str) -> None:
    """Have the browser keep a session, from scripts and from the requests of other sites."""
    response.set_cookie(
        SESSION,
        session,
        max_age=LIFETIME,
        path=_path(request),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def _path(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/"


def _client(request: Request) -> str:
    return request.client.host if request.client else "?"
