from collections.abc import Callable, Mapping

import pytest

from driver import DriverError, PathNotFoundError
from driver.base import StorageDriver

OF_NOTHING: Mapping[str, Callable[[StorageDriver], object]] = {
    "get_content": lambda storage: storage.get_content("/none"),
    "reader": lambda storage: storage.reader("/none"),
    "reader in the middle": lambda storage: storage.reader("/none", 5),
    "appending writer": lambda storage: storage.writer("/none", append=True),
    "stat": lambda storage: storage.stat("/none"),
    "list": lambda storage: storage.list("/none"),
    "move": lambda storage: storage.move("/none", "/there"),
    "move onto itself": lambda storage: storage.move("/none", "/none"),
    "delete": lambda storage: storage.delete("/none"),
    "walk": lambda storage: storage.walk("/none", lambda _found: None),
}
REFUSED: Mapping[str, Callable[[StorageDriver], object]] = {
    "path": lambda storage: storage.stat("no path"),
    "offset": lambda storage: storage.reader("/file", -1),
    "method": lambda storage: storage.url_for("/file", "PUT"),
    "append": lambda storage: storage.writer("/file", append=True),
}


@pytest.mark.parametrize("name", OF_NOTHING)
def test_what_is_missing_is_named_by_the_path_that_was_asked_for(
    storage: StorageDriver, name: str
) -> None:
    with pytest.raises(PathNotFoundError) as caught:
        OF_NOTHING[name](storage)

    assert caught.value.path == "/none"
    assert caught.value.driver_name == storage.name
    assert str(caught.value) == f"{storage.name}: Path not found: /none"


@pytest.mark.parametrize("name", OF_NOTHING)
def test_asking_for_what_is_missing_makes_nothing(storage: StorageDriver, name: str) -> None:
    with pytest.raises(PathNotFoundError):
        OF_NOTHING[name](storage)

    assert storage.list("/") == []


@pytest.mark.parametrize("name", REFUSED)
def test_every_error_names_the_driver(storage: StorageDriver, name: str) -> None:
    storage.put_content("/file", b"content")

    with pytest.raises(DriverError) as caught:
        REFUSED[name](storage)

    assert str(caught.value).startswith(f"{storage.name}: ")


def test_drivers_have_names(storage: StorageDriver) -> None:
    assert storage.name in {"inmemory", "s3aws"}
