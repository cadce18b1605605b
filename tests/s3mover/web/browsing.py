"""What the tests of the application share: its tokens, and clients of several kinds."""

from collections.abc import Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

TOKEN = "a-token-that-nobody-guesses"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SITE = "http://testserver"
HERE = {"Origin": SITE, "Sec-Fetch-Site": "same-origin"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOVE: dict[str, Any] = {"source": "s3://bucket/a", "destination": "s3://bucket/b"}


def client_of(app: Any, **headers: str) -> TestClient:
    """Return a client that follows no redirect and raises what the application does."""
    return TestClient(app, SITE, headers=headers, follow_redirects=False)


def sign_in(app: Any, token: str = TOKEN) -> TestClient:
    """Return a browser that has signed in."""
    client = client_of(app, **HERE)
    assert client.post("/login", data={"token": token}).status_code == 303
    return client


def routes(app: Starlette) -> Iterator[tuple[str, str]]:
    """Yield method and path of each route."""
    for route in app.routes:
        assert isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path
