from collections.abc import Callable

import pytest

from driver import DriverError, PathNotFoundError
from driver.base import StorageDriver
from driver.files import FileInfo
from driver.walking import SkipDirectory, StopWalk
from tests.contract.seen import files, walked
from tests.contract.stores import ALL_ROOTS, WITH_BYTE_ORDER, Store, id_of

PutAll = Callable[[list[str]], None]

TREE = ["/a/1", "/a/b/2", "/a/b/c/3", "/d/4", "/e"]  # in the order of any store
SIBLINGS = ["/up/a", "/up/a-x", "/up/a.y", "/up/a/b", "/up/a/c/d", "/up/a0", "/up/ab"]


def shown(storage: StorageDriver, path: str = "/", start_after: str = "") -> list[str]:
    return [each.path for each in walked(storage, path, start_after)]


def walk_until(storage: StorageDriver, path: str, error: BaseException, at: set[str]) -> list[str]:
    """Raise the error where the walk comes to one of these paths."""
    seen: list[str] = []

    def visit(found: FileInfo) -> None:
        seen.append(found.path)
        if found.path in at:
            raise error

    storage.walk(path, visit)
    return seen


def test_a_walk_shows_each_directory_before_its_files(
    storage: StorageDriver, put_all: PutAll
) -> None:
    put_all(TREE)

    assert [(each.path, each.is_directory) for each in walked(storage)] == [
        ("/a", True),
        ("/a/1", False),
        ("/a/b", True),
        ("/a/b/2", False),
        ("/a/b/c", True),
        ("/a/b/c/3", False),
        ("/d", True),
        ("/d/4", False),
        ("/e", False),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a", ["/a/1", "/a/b", "/a/b/2", "/a/b/c", "/a/b/c/3"]),
        ("/a/b", ["/a/b/2", "/a/b/c", "/a/b/c/3"]),
        ("/a/b/c", ["/a/b/c/3"]),
    ],
)
def test_a_walk_stays_below_its_directory(
    storage: StorageDriver, put_all: PutAll, *, path: str, expected: list[str]
) -> None:
    put_all([*TREE, "/a-z", "/a/b.c", "/a/b0/1"])

    visited = shown(storage, path)

    assert [each for each in visited if each in {*TREE, "/a/b", "/a/b/c"}] == expected
    assert all(each.startswith(f"{path}/") for each in visited)


def test_a_walk_tells_sizes_and_times(storage: StorageDriver) -> None:
    storage.put_content("/dir/file", b"content")

    directory, file = walked(storage)

    assert directory == FileInfo("/dir", is_directory=True)
    assert (file.path, file.size) == ("/dir/file", 7)
    assert file.modified is not None
    assert file.modified.tzinfo is not None


def test_siblings_of_a_directory_do_not_disturb_a_walk(
    storage: StorageDriver, put_all: PutAll
) -> None:
    put_all(SIBLINGS)

    visited = walked(storage)

    assert sorted(each.path for each in visited if not each.is_directory) == SIBLINGS
    directories = [each.path for each in visited if each.is_directory]
    assert sorted(directories) == ["/up", "/up/a", "/up/a/c"]
    for directory in directories:
        first = visited.index(FileInfo(directory, is_directory=True))
        below = [at for at, each in enumerate(visited) if each.path.startswith(f"{directory}/")]
        assert below == list(range(first + 1, first + 1 + len(below)))


@pytest.mark.parametrize("store", WITH_BYTE_ORDER, indirect=True, ids=id_of)
def test_a_walk_goes_by_the_bytes_of_keys(
    storage: StorageDriver, store: Store, put_all: PutAll
) -> None:
    put_all(SIBLINGS)

    assert files(storage) == sorted(SIBLINGS)
    assert shown(storage, "/up", "/up/a.y") == [
        *("/up/a", "/up/a/b", "/up/a/c", "/up/a/c/d", "/up/a0", "/up/ab")
    ]


def test_a_walk_of_a_path_that_is_both_shows_what_is_below(
    storage: StorageDriver, put_all: PutAll
) -> None:
    put_all(["/both", "/both/below"])

    assert shown(storage, "/both") == ["/both/below"]


def test_a_visitor_skips_a_directory(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(TREE)

    assert walk_until(storage, "/", SkipDirectory(), {"/a/b"}) == [
        *("/a", "/a/1", "/a/b", "/d", "/d/4", "/e")
    ]


def test_a_visitor_of_a_file_skips_the_rest_of_its_directory(
    storage: StorageDriver, put_all: PutAll
) -> None:
    put_all([*TREE, "/a/b/2.1"])

    assert walk_until(storage, "/", SkipDirectory(), {"/a/b/2"}) == [
        *("/a", "/a/1", "/a/b", "/a/b/2", "/d", "/d/4", "/e")
    ]


def test_a_visitor_skips_several_directories(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(TREE)

    assert walk_until(storage, "/", SkipDirectory(), {"/a", "/d"}) == ["/a", "/d", "/e"]


def test_a_skipped_directory_is_not_its_sibling(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/dir/b/1", "/dir/b/2", "/dir/b0/3", "/dir/bc"])

    assert walk_until(storage, "/dir", SkipDirectory(), {"/dir/b"}) == [
        *("/dir/b", "/dir/b0", "/dir/b0/3", "/dir/bc")
    ]


def test_a_visitor_of_a_file_right_below_ends_the_walk_by_skipping(
    storage: StorageDriver, put_all: PutAll
) -> None:
    put_all(["/dir/a", "/dir/b/1", "/dir/c"])

    assert walk_until(storage, "/dir", SkipDirectory(), {"/dir/a"}) == ["/dir/a"]


@pytest.mark.parametrize("at", ["/a", "/a/1", "/a/b"])
def test_a_visitor_stops_the_walk(storage: StorageDriver, put_all: PutAll, at: str) -> None:
    put_all(TREE)
    every = ["/a", "/a/1", "/a/b"]

    assert walk_until(storage, "/", StopWalk(), {at}) == every[: every.index(at) + 1]


@pytest.mark.parametrize("error", [ZeroDivisionError("its own"), DriverError("its own")])
def test_any_other_error_of_a_visitor_ends_the_walk(
    storage: StorageDriver, put_all: PutAll, error: Exception
) -> None:
    put_all(TREE)
    seen: list[str] = []

    def visit(found: FileInfo) -> None:
        seen.append(found.path)
        raise error

    with pytest.raises(type(error)) as caught:
        storage.walk("/", visit)

    assert caught.value is error
    assert seen == ["/a"]


@pytest.mark.parametrize(
    ("start_after", "expected"),
    [
        ("/a/1", ["/a", "/a/b", "/a/b/2", "/a/b/c", "/a/b/c/3", "/d", "/d/4", "/e"]),
        ("/a", ["/a", "/a/1", "/a/b", "/a/b/2", "/a/b/c", "/a/b/c/3", "/d", "/d/4", "/e"]),
        ("/a/b", ["/a", "/a/b", "/a/b/2", "/a/b/c", "/a/b/c/3", "/d", "/d/4", "/e"]),
        ("/d", ["/d", "/d/4", "/e"]),
        ("/a/b/c/2", ["/a", "/a/b", "/a/b/c", "/a/b/c/3", "/d", "/d/4", "/e"]),
        ("/a/b/c/3", ["/d", "/d/4", "/e"]),
        ("/d/4", ["/e"]),
        ("/b", ["/d", "/d/4", "/e"]),
        ("/e", []),
        ("/zz", []),
    ],
)
def test_a_walk_starts_after_a_path(
    storage: StorageDriver, put_all: PutAll, *, start_after: str, expected: list[str]
) -> None:
    put_all(TREE)

    assert shown(storage, "/", start_after) == expected


@pytest.mark.parametrize("name", ["0", "x0", "a-", "a.", "z", "A", "a"])
def test_a_walk_starts_after_a_path_of_any_last_character(
    storage: StorageDriver, put_all: PutAll, name: str
) -> None:
    put_all([f"/{name}", f"/{name}/1", "/zz/1"])

    assert files(storage, "/", f"/{name}") == [f"/{name}/1", "/zz/1"]


def test_a_walk_below_a_directory_starts_after_a_path(
    storage: StorageDriver, put_all: PutAll
) -> None:
    put_all(TREE)

    assert shown(storage, "/a", "/a/b/2") == ["/a/b", "/a/b/c", "/a/b/c/3"]
    assert shown(storage, "/a", "/a/z") == []
    assert shown(storage, "/none", "/a/z") == []


@pytest.mark.parametrize("store", ALL_ROOTS, indirect=True, ids=id_of)
def test_a_walk_of_an_empty_root_shows_nothing(storage: StorageDriver) -> None:
    assert shown(storage) == []


@pytest.mark.parametrize("path", ["/dir/file", "/none", "/di", "/dir/fil", "/dir/file/x"])
def test_only_a_directory_is_walked(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/file", b"content")

    with pytest.raises(PathNotFoundError) as caught:
        walked(storage, path)

    assert caught.value.path == path


def test_a_visitor_may_delete_what_it_is_shown(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(TREE)

    def visit(found: FileInfo) -> None:
        if not found.is_directory:
            storage.delete(found.path)

    storage.walk("/", visit)

    assert files(storage) == []
