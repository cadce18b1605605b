from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from config import S3Settings
from driver import PathNotFoundError
from driver.base import StorageDriver
from driver.paths import Keys
from tests.contract.seen import files
from tests.contract.stores import ALL_ROOTS, ON_S3, id_of

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PutAll = Callable[[list[str]], None]


def test_a_list_has_files_first_then_directories_each_sorted(
    storage: StorageDriver, put_all: PutAll
) -> None:
    put_all(["/mix/z", "/mix/c", "/mix/y/1", "/mix/a/1", "/mix/a/2/3", "/mix/b.c", "/other"])

    assert storage.list("/mix") == ["/mix/b.c", "/mix/c", "/mix/z", "/mix/a", "/mix/y"]


def test_a_list_of_the_root_has_no_double_slash(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/z", "/y", "/a/b/c"])

    assert storage.list("/") == ["/y", "/z", "/a"]


@pytest.mark.parametrize("store", ALL_ROOTS, indirect=True, ids=id_of)
def test_a_list_of_an_empty_root_is_empty(storage: StorageDriver) -> None:
    assert storage.list("/") == []


@pytest.mark.parametrize("path", ["/dir/ab", "/none", "/di", "/dir/a", "/dir/ab/c"])
def test_only_a_directory_is_listed(storage: StorageDriver, path: str) -> None:
    storage.put_content("/dir/ab", b"content")

    with pytest.raises(PathNotFoundError) as caught:
        storage.list(path)

    assert caught.value.path == path


def test_a_path_that_is_both_is_listed_as_both(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/up/both/below", "/up/both"])

    assert storage.list("/up") == ["/up/both", "/up/both"]
    assert storage.list("/up/both") == ["/up/both/below"]


def test_siblings_of_a_directory_are_not_in_it(storage: StorageDriver, put_all: PutAll) -> None:
    put_all(["/a", "/a-x", "/a.y", "/a/b", "/a/c/d", "/a0", "/ab/c"])

    assert storage.list("/a") == ["/a/b", "/a/c"]
    assert storage.list("/") == ["/a", "/a-x", "/a.y", "/a0", "/a", "/ab"]


@pytest.mark.parametrize("store", ON_S3, indirect=True, ids=id_of)
def test_a_folder_marker_is_no_file(
    storage: StorageDriver, client: "S3Client", settings: S3Settings
) -> None:
    prefix = Keys(settings.rootdirectory).prefix
    for directory in ("/made", "/made/inner"):
        client.put_object(Bucket=settings.bucket, Key=prefix(directory))
    storage.put_content("/made/file", b"content")

    assert storage.list("/made") == ["/made/file", "/made/inner"]
    assert files(storage) == ["/made/file"]
