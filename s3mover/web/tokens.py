"""Tokens, and the sessions that they open: what a browser holds instead of a token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from s3mover.errors import MoverError

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST = 16
"""Characters of a token at least: nobody shall guess it."""

LIFETIME = 12 * 3600
"""Seconds that a session lasts."""

_ADVICE = (
    "make one with `python -c 'import secrets; print(secrets.token_urlsafe())'` and give it as "
    "S3MOVER_WEB_TOKEN or --token-file, or as create_app(tokens=[…]); behind an authentication "
    "of your own: create_app(authenticate=…)"
)


class BadToken(MoverError, ValueError):
    """There is no token, or one that could be guessed or not be sent."""


@dataclass(frozen=True)
class Tokens:
    """The tokens that open everything; several, so that one can be replaced by another."""

    _tokens: tuple[str, ...]

    @classmethod
    def of(cls, tokens: Iterable[str]) -> Tokens:
        """Return the tokens, or raise BadToken that says what to do."""
        if isinstance(tokens, str):
            raise BadToken("tokens is a list of tokens: [token]")
        found = tuple(tokens)
        if not found:
            raise BadToken(f"without a token everybody could see and move everything: {_ADVICE}")
        for token in found:
            if len(token) < LEAST:
                raise BadToken(f"a token of {len(token)} characters can be guessed: {_ADVICE}")
            if not (token.isascii() and token.isprintable()) or " " in token:
                raise BadToken(f"a token is made of visible ASCII characters: {_ADVICE}")
        return cls(found)

    def accept(self, token: str) -> bool:
        """Compare in a time that tells nothing of the tokens."""
        given = token.encode(errors="replace")
        return sum(hmac.compare_digest(given, each.encode()) for each in self._tokens) > 0

    def session(self, token: str, now: float) -> str:
        """Return a session of a token, which ends with it and after LIFETIME seconds."""
        body = f"{int(now) + LIFETIME}.{secrets.token_urlsafe(16)}"
        return f"{body}.{_signature(token, body)}"

    def is_session(self, session: str, now: float) -> bool:
        """Tell whether one of the tokens has opened this session, and it lasts."""
        body, _, given = session.rpartition(".")
        made = [_signature(token, body) for token in self._tokens]
        ours = sum(hmac.compare_digest(each.encode(), given.encode()) for each in made) > 0
        return ours and int(body.partition(".")[0]) > now


def form_token(session: str) -> str:
    """Return what the forms of a session hold: other sites neither know it nor can make it."""
    return hmac.new(session.encode(), b"s3mover form", hashlib.sha256).hexdigest()


def is_form_token(session: str, given: str) -> bool:
    return hmac.compare_digest(form_token(session).encode(), given.encode(errors="replace"))


def _signature(token: str, body: str) -> str:
    key = hmac.new(token.encode(), b"s3mover session", hashlib.sha256).digest()
    return hmac.new(key, body.encode(errors="replace"), hashlib.sha256).hexdigest()
