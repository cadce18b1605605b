import pytest

from driver import FileInfo, SkipDirectory, StopWalk
from driver.walking import walk_over


def walked(*paths: str, root: str = "/", skip: str = "", stop: str = "") -> list[str]:
    seen: list[str] = []

    def visit(found: FileInfo) -> None:
        seen.append(found.path + ("/" if found.is_directory else ""))
        if found.path == skip:
            raise SkipDirectory
        if found.path == stop:
            raise StopWalk

    walk_over(root, map(FileInfo, paths), visit)
    return seen


def test_each_directory_comes_once_and_before_what_is_in_it() -> None:
    assert walked("/a/b/1", "/a/b/2", "/a/c/d/3", "/e") == [
        "/a/",
        "/a/b/",
        "/a/b/1",
        "/a/b/2",
        "/a/c/",
        "/a/c/d/",
        "/a/c/d/3",
        "/e",
    ]


def test_neither_the_root_nor_what_is_above_it_is_visited() -> None:
    assert walked("/a/b/c/1", root="/a/b") == ["/a/b/c/", "/a/b/c/1"]


def test_a_name_that_continues_another_is_a_directory_of_its_own() -> None:
    assert walked("/a-x/1", "/a/1", "/ab/1") == ["/a-x/", "/a-x/1", "/a/", "/a/1", "/ab/", "/ab/1"]


@pytest.mark.parametrize(
    ("skip", "seen"),
    [
        ("/a", ["/a/", "/ab/", "/ab/1"]),
        ("/a/b", ["/a/", "/a/b/", "/a/c", "/ab/", "/ab/1"]),
        ("/a/b/1", ["/a/", "/a/b/", "/a/b/1", "/a/c", "/ab/", "/ab/1"]),
    ],
)
def test_a_skipped_directory_is_left_with_all_that_is_below(skip: str, seen: list[str]) -> None:
    assert walked("/a/b/1", "/a/b/2", "/a/b/c/3", "/a/c", "/ab/1", skip=skip) == seen


def test_a_skipped_file_of_the_root_ends_the_walk() -> None:
    assert walked("/a", "/b/c", "/d", skip="/a") == ["/a"]


def test_a_walk_stops_where_it_is_told_to() -> None:
    assert walked("/a/b", "/c", stop="/a") == ["/a/"]
