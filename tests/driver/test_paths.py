import pytest

from driver import InvalidPathError
from driver.paths import Keys, check_path

BAD = ["", "a", "/a/", "//a", "/a//b", "/a b", "/a\n", "/ä", "/a*", "/a~", "\\a", "/a?b", "/a/\x00"]


@pytest.mark.parametrize("path", [*BAD, "/"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidPathError):
        check_path(path)


@pytest.mark.parametrize("path", ["/a", "/A.b_c-9", "/a/../b", "/.", "/" + "x" * 2000])
def test_a_path_is_taken(path: str) -> None:
    assert check_path(path) == path


def test_the_root_is_a_path_where_it_may_be() -> None:
    assert check_path("/", root=True) == "/"


@pytest.mark.parametrize(
    ("root", "prefix"), [("", ""), ("/", ""), ("r", "r/"), ("/r/", "r/"), ("/r/s", "r/s/")]
)
def test_a_path_and_its_key_lead_to_each_other(root: str, prefix: str) -> None:
    keys = Keys(root)

    assert keys.key("/a/b") == f"{prefix}a/b"
    assert keys.path(f"{prefix}a/b") == "/a/b"
    assert keys.prefix("/a") == f"{prefix}a/"
    assert keys.prefix("/") == prefix


@pytest.mark.parametrize("name", ["a/", "a//b", "/a", "", "~s3mover/tails/x", "~s3mover"])
def test_markers_and_what_the_driver_keeps_for_itself_have_no_path(name: str) -> None:
    assert Keys("r").path(f"r/{name}") is None
