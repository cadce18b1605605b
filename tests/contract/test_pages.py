"""A page of S3 has 1,000 keys, and so has a batch of deletions."""

from collections.abc import Callable

import pytest

from driver import PathNotFoundError
from driver.base import StorageDriver
from driver.files import FileInfo
from driver.walking import SkipDirectory
from tests.contract.seen import contents, files, walked
from tests.contract.stores import FAST, Store, id_of

PutAll = Callable[[list[str]], None]

COUNT = 1005
FILES = [f"/many/f{number:04}" for number in range(COUNT)]
DIRECTORIES = [f"/many/x{number:04}" for number in range(COUNT)]
BELOW = [f"{directory}/file" for directory in DIRECTORIES]


def test_lists_walks_and_deletions_go_past_a_page(
    storage: StorageDriver, store: Store, put_all: PutAll
) -> None:
    # A real store takes 4 ms a file: one page of directories, and few files.
    some = FILES if store in FAST else FILES[:5]
    everything = [*some, *BELOW, *(f"/many/z{number:02}" for number in range(90))]
    kept = ["/man", "/many-more", "/many0", "/many.more/file"]
    put_all([*everything, *kept])

    assert storage.list("/many") == [*some, *everything[-90:], *DIRECTORIES]
    assert storage.list("/") == ["/man", "/many-more", "/many0", "/many", "/many.more"]
    assert files(storage, "/many") == everything
    for start in (999, 1000, len(everything) - 1):
        assert files(storage, "/many", everything[start]) == everything[start + 1 :]
    assert len(walked(storage, "/many")) == len(everything) + COUNT

    storage.put_content("/many", b"a file too")
    storage.delete("/many")

    assert contents(storage) == {path: path.encode() for path in kept}
    with pytest.raises(PathNotFoundError):
        storage.delete("/many")


@pytest.mark.parametrize("store", FAST, indirect=True, ids=id_of)
def test_a_page_full_of_siblings_hides_nothing(
    storage: StorageDriver, store: Store, put_all: PutAll
) -> None:
    siblings = [f"/a-{number:04}" for number in range(COUNT)]
    put_all([*siblings, "/a/b"])

    assert storage.stat("/a") == FileInfo("/a", is_directory=True)
    assert storage.list("/a") == ["/a/b"]
    assert files(storage, "/a") == ["/a/b"]
    storage.delete("/a")

    assert sorted(files(storage)) == siblings
    with pytest.raises(PathNotFoundError):
        storage.delete("/a")
    with pytest.raises(PathNotFoundError):
        storage.stat("/a")


@pytest.mark.parametrize("store", FAST, indirect=True, ids=id_of)
def test_a_skipped_directory_goes_past_a_page(storage: StorageDriver, put_all: PutAll) -> None:
    put_all([*(f"/dir/a/{number:04}" for number in range(COUNT)), "/dir/b"])
    seen: list[str] = []

    def visit(found: FileInfo) -> None:
        seen.append(found.path)
        if found.is_directory:
            raise SkipDirectory

    storage.walk("/dir", visit)

    assert seen == ["/dir/a", "/dir/b"]
