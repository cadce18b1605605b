import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from driver.base import StorageDriver
from tests.contract.blobs import MIB, blob
from tests.contract.seen import contents, files
from tests.contract.stores import SEAWEEDFS, Store

THREADS = 32
READERS = 10


def test_32_threads_share_a_driver(storage: StorageDriver) -> None:
    together = Barrier(THREADS)

    def work(number: int) -> None:
        together.wait()
        own = f"/thread{number:02}"
        data = f"{number} ".encode() * 1000
        storage.put_content(f"{own}/put", data)
        with storage.writer(f"{own}/written") as writer:
            writer.write(data)
            writer.commit()
        assert storage.get_content(f"{own}/put") == data
        assert storage.stat(f"{own}/written").size == len(data)
        assert storage.list(own) == [f"{own}/put", f"{own}/written"]
        storage.move(f"{own}/put", f"{own}/moved")
        storage.delete(f"{own}/written")
        assert files(storage, own) == [f"{own}/moved"]

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))

    assert contents(storage) == {
        f"/thread{number:02}/moved": f"{number} ".encode() * 1000 for number in range(THREADS)
    }


def test_one_file_written_by_many_is_that_of_one_of_them(storage: StorageDriver) -> None:
    together = Barrier(8)

    def write(number: int) -> None:
        together.wait()
        if number % 2:
            storage.put_content("/file", bytes([number]) * 100_000)
            return
        with storage.writer("/file") as writer:
            writer.write(bytes([number]) * 100_000)
            writer.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    found = storage.get_content("/file")
    assert found == found[:1] * 100_000


def test_ten_readers_at_random_offsets_read_what_is_there(
    storage: StorageDriver, store: Store
) -> None:
    size = (128 if store == SEAWEEDFS else 16) * MIB
    data = blob(size)
    with storage.writer("/large") as writer:
        writer.write(data)
        writer.commit()
    together = Barrier(READERS)

    def read(seed: int) -> None:
        offsets = random.Random(seed)  # noqa: S311 - not for secrets
        together.wait()
        for _ in range(4):
            offset, length = offsets.randrange(size), offsets.randrange(4 * MIB)
            with storage.reader("/large", offset) as stream:
                assert stream.read(length) == data[offset : offset + length]

    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(read, range(READERS)))
