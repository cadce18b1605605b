from datetime import timedelta
from typing import Any
from unittest.mock import create_autospec

import pytest

from driver.base import StorageDriver
from driver.errors import PathNotFoundError
from driver.middleware import Middleware

CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "get_content": (("/a",), {}),
    "put_content": (("/a", b"content"), {}),
    "reader": (("/a", 5), {}),
    "writer": (("/a",), {"append": True}),
    "stat": (("/a",), {}),
    "list": (("/a",), {}),
    "move": (("/a", "/b"), {}),
    "delete": (("/a",), {}),
    "url_for": (("/a", "HEAD", timedelta(minutes=1)), {"client": "192.0.2.1"}),
    "walk": (("/a", print, "/a/b"), {}),
    "close": ((), {}),
}


class Here(Middleware):
    """Changes nothing."""


@pytest.fixture
def inner() -> Any:
    driver = create_autospec(StorageDriver, instance=True)
    driver.name = "inner"
    return driver


def test_every_operation_of_a_storage_driver_is_tried_here() -> None:
    operations = {
        name
        for name, value in vars(StorageDriver).items()
        if callable(value) and not name.startswith("_")
    }

    assert operations == set(CALLS)


@pytest.mark.parametrize("operation", CALLS)
def test_an_operation_is_the_inner_drivers_with_all_its_arguments(
    inner: Any, operation: str
) -> None:
    positional, named = CALLS[operation]

    answer = getattr(Here(inner), operation)(*positional, **named)

    called = getattr(inner, operation)
    called.assert_called_once_with(*positional, **named)
    assert answer is (called.return_value if operation in RETURNING else None)


RETURNING = {"get_content", "reader", "writer", "stat", "list", "url_for"}


def test_the_name_is_the_inner_drivers_through_any_number_of_middlewares(inner: Any) -> None:
    assert Here(Here(inner)).name == "inner"


def test_an_error_of_the_inner_driver_arrives_as_it_is(inner: Any) -> None:
    inner.stat.side_effect = error = PathNotFoundError("/a")

    with pytest.raises(PathNotFoundError) as caught:
        Here(Here(inner)).stat("/a")

    assert caught.value is error
