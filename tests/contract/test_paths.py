from collections.abc import Callable

import pytest

from driver import InvalidPathError
from driver.base import StorageDriver
from driver.paths import ROOT
from tests.contract.seen import contents
from tests.contract.stores import WITH_DOT_NAMES, Store, id_of

VALID = (
    "/a",
    "/0",
    "/-",
    "/_",
    "/a.b",
    "/A-B_c.D/0/z",
    "/...",
    "/.hidden",
    "/a..b/c.",
    "/long" * 150,
)
DOTTED = ("/.", "/..", "/a/../b", "/./a")
INVALID = (
    *("", "a", "a/b", "//", "/a/", "//a", "/a//b", "/a b", " /a", "/a\n", "/a\n/b", "\n/a", "/ä"),
    *("/a*", "/a?b", "/a%2Fb", "/a\\b", "/a:b", "/~a", "/a\x00", "/٣", "https://a"),
)

Operation = Callable[[StorageDriver, str], object]
OF_FILES: dict[str, Operation] = {
    "get_content": lambda storage, path: storage.get_content(path),
    "put_content": lambda storage, path: storage.put_content(path, b"new"),
    "reader": lambda storage, path: storage.reader(path),
    "reader in the middle": lambda storage, path: storage.reader(path, 1),
    "writer": lambda storage, path: storage.writer(path),
    "appending writer": lambda storage, path: storage.writer(path, append=True),
    "move from": lambda storage, path: storage.move(path, "/there"),
    "move to": lambda storage, path: storage.move("/kept", path),
    "move onto itself": lambda storage, path: storage.move(path, path),
    "delete": lambda storage, path: storage.delete(path),
    "url_for": lambda storage, path: storage.url_for(path),
}
OF_DIRECTORIES: dict[str, Operation] = {
    "stat": lambda storage, path: storage.stat(path),
    "list": lambda storage, path: storage.list(path),
    "walk": lambda storage, path: storage.walk(path, lambda _found: None),
}
OPERATIONS = OF_FILES | OF_DIRECTORIES


def paths_of_everything(storage: StorageDriver, path: str) -> None:
    """Write, look at, move and delete one file by that path."""
    storage.put_content(path, b"content")
    assert storage.get_content(path) == b"content"
    assert storage.stat(path).path == path
    assert path in storage.list(path.rpartition("/")[0] or ROOT)
    assert contents(storage) == {path: b"content"}
    storage.move(path, "/elsewhere")
    assert contents(storage) == {"/elsewhere": b"content"}
    storage.move("/elsewhere", path)
    storage.delete(path)
    assert contents(storage) == {}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path[:12])
def test_letters_digits_and_three_signs_make_a_path(storage: StorageDriver, path: str) -> None:
    paths_of_everything(storage, path)


@pytest.mark.parametrize("store", WITH_DOT_NAMES, indirect=True, ids=id_of)
@pytest.mark.parametrize("path", DOTTED)
def test_dots_are_names_like_others(storage: StorageDriver, store: Store, path: str) -> None:
    paths_of_everything(storage, path)


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_no_path_is_refused_and_nothing_changes(storage: StorageDriver, name: str) -> None:
    storage.put_content("/kept", b"kept")

    for path in INVALID:
        with pytest.raises(InvalidPathError) as caught:
            OPERATIONS[name](storage, path)
        assert caught.value.path == path
        assert str(caught.value) == f"{storage.name}: invalid path: {path}"

    assert contents(storage) == {"/kept": b"kept"}


@pytest.mark.parametrize("name", OF_FILES)
def test_the_root_is_no_file(storage: StorageDriver, name: str) -> None:
    storage.put_content("/kept", b"kept")

    with pytest.raises(InvalidPathError) as caught:
        OF_FILES[name](storage, ROOT)

    assert caught.value.path == ROOT
    assert contents(storage) == {"/kept": b"kept"}


def test_a_walk_starts_after_a_path_only(storage: StorageDriver) -> None:
    storage.put_content("/kept", b"kept")

    for path in (ROOT, *filter(None, INVALID)):
        with pytest.raises(InvalidPathError) as caught:
            storage.walk(ROOT, lambda _found: None, path)
        assert caught.value.path == path


def test_the_source_of_a_move_is_looked_at_first(storage: StorageDriver) -> None:
    with pytest.raises(InvalidPathError) as caught:
        storage.move("no source", "no destination")

    assert caught.value.path == "no source"
