import pickle
from itertools import pairwise

import pytest

import driver
from driver import (
    AccessDenied,
    DriverError,
    InvalidOffsetError,
    InvalidPathError,
    PathNotFoundError,
    Permanent,
    Transient,
    UnsupportedMethodError,
    errors,
)

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DriverError) and kind is not DriverError
]


def test_the_tree_in_the_docstring_names_every_class() -> None:
    drawn = (errors.__doc__ or "").replace("┘", " ").split()

    assert {kind.__name__ for kind in KINDS} <= set(drawn)


def test_every_error_is_transient_or_permanent_and_exported() -> None:
    for kind in KINDS:
        assert issubclass(kind, Transient) != issubclass(kind, Permanent)
        assert getattr(driver, kind.__name__) is kind


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PathNotFoundError("/a"), "s3aws: Path not found: /a"),
        (InvalidPathError("a"), "s3aws: invalid path: a"),
        (InvalidOffsetError("/a", -1), "s3aws: invalid offset: -1 for path: /a"),
        (UnsupportedMethodError(), "s3aws: unsupported method"),
    ],
)
def test_the_storage_drivers_errors_have_the_registrys_texts(error: DriverError, text: str) -> None:
    assert str(error) == text


def test_a_text_says_what_failed_where_and_what_to_do() -> None:
    error = AccessDenied(
        "AccessDenied: no", operation="CopyObject", source="s3://b/a", target="s3://b/c"
    )

    words = ["s3aws", "CopyObject", "s3://b/a -> s3://b/c", "AccessDenied: no", "policies"]
    places = [str(error).index(word) for word in words]
    assert all(first < second for first, second in pairwise(places))


@pytest.mark.parametrize(
    "error",
    [
        Transient("x", operation="CopyObject", source="s3://b/a", target="t", code="500"),
        PathNotFoundError("/a", operation="move"),
        InvalidOffsetError("/a", 3),
        InvalidPathError("a"),
    ],
)
def test_an_error_survives_the_way_to_another_process(error: DriverError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
