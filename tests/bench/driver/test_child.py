import pytest

from bench.driver import child
from bench.driver.jobs import MIB, Job
from bench.driver.streams import Sink, Source


class Store:
    """Keeps sizes alone, and gives a block less than it has from `read_short`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.size = 0

    def put(self, path: str) -> None:
        self.asked.append(path)

    def write(self, _path: str, source: Source) -> None:
        self.size = sum(len(block) for block in source)

    def read(self, _path: str, sink: Sink) -> None:
        sink.write(bytes(self.size))

    def read_short(self, _path: str, sink: Sink) -> None:
        sink.write(bytes(self.size - MIB))


class Failing:
    def put(self, path: str) -> None:
        raise OSError(path)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_job_is_one_call_for_each_path(threads: int) -> None:
    store = Store()
    paths = tuple(f"/a/{number}" for number in range(10))

    child.run(store, Job("put", paths, threads))

    assert sorted(store.asked) == list(paths)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_call_that_fails_gives_no_figure(threads: int) -> None:
    with pytest.raises(OSError, match="/a"):
        child.run(Failing(), Job("put", ("/a",), threads))


def test_a_stream_has_the_size_of_its_job() -> None:
    store = Store()

    child.run(store, Job("write", ("/a",), size=3 * MIB))

    assert store.size == 3 * MIB


def test_a_read_of_fewer_bytes_gives_no_figure() -> None:
    store = Store()
    store.size = 3 * MIB

    child.run(store, Job("read", ("/a",), size=3 * MIB))
    with pytest.raises(RuntimeError, match="read_short gave 2097152 bytes of 3145728"):
        child.run(store, Job("read_short", ("/a",), size=3 * MIB))
