"""The application on the private Valkey of the client's tests, without workers."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s3mover import Mover
from s3mover.web import create_app
from tests.s3mover.web.browsing import BEARER, TOKEN, client_of, sign_in


@pytest.fixture
def app(mover: Mover) -> Starlette:
    return create_app(mover, tokens=[TOKEN], tick=0.05)


@pytest.fixture
def away() -> Starlette:
    """Make an application whose Redis is away."""
    return create_app("redis://127.0.0.1:1/0", tokens=[TOKEN])


@pytest.fixture
def api(app: Starlette) -> Iterator[TestClient]:
    with client_of(app, **BEARER) as client:
        yield client


@pytest.fixture
def nobody(app: Starlette) -> Iterator[TestClient]:
    with client_of(app) as client:
        yield client


@pytest.fixture
def browser(app: Starlette) -> Iterator[TestClient]:
    with sign_in(app) as client:
        yield client
