"""Lines of a manifest from any byte on, packed or not."""

import gzip
import random
import zlib
from typing import Any

import pytest

import driver
from driver import Location, Pin
from tasks.errors import BadManifest
from tasks.prefix.manifest import streams
from tasks.prefix.manifest.streams import Packed, Plain, Stream, Streams, lines


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Serve the ranges of one body; count them."""
    store: dict[str, Any] = {"body": b"", "starts": []}

    def read(_s3: object, _pin: Pin, start: int, length: int) -> bytes:
        store["starts"].append(start)
        return bytes(store["body"][start : start + length])

    monkeypatch.setattr(driver, "read_range", read)
    return store


class Here:
    s3 = None


HERE: Any = Here()


def pin(body: bytes) -> Pin:
    return Pin(Location("bbb", "list"), len(body), "e", None)


def text(count: int) -> bytes:
    chance = random.Random(7)  # noqa: S311  # the same ones each time
    lines_ = (chance.randbytes(chance.randrange(60)).hex() for _ in range(count))
    return "".join(f"{line}\n" for line in lines_).encode()


def all_lines(stream: Stream, limit: int) -> list[bytes]:
    found, at, is_end = [], 0, False
    while not is_end:
        some, at, is_end = lines(stream, at, limit)
        assert len(some) == limit or is_end
        found += some
    return found


@pytest.mark.parametrize("limit", [1, 7, 1000])
@pytest.mark.parametrize("block", [1, 50, 4096])
@pytest.mark.parametrize("form", [Plain, Packed])
def test_all_lines_come_whatever_the_blocks(
    reads: dict[str, Any], monkeypatch: pytest.MonkeyPatch, block: int, limit: int, form: Any
) -> None:
    monkeypatch.setattr(streams, "BLOCK", block)
    whole = text(40) + b"last"
    reads["body"] = gzip.compress(whole) if form is Packed else whole
    stream = form(HERE, pin(reads["body"]))

    assert all_lines(stream, limit) == whole.split(b"\n")


def test_files_of_gzip_one_after_the_other_are_one(reads: dict[str, Any]) -> None:
    whole = text(3000)
    reads["body"] = gzip.compress(whole[:1000]) + gzip.compress(whole[1000:]) + b"\0" * 10

    found = all_lines(Packed(HERE, pin(reads["body"])), 1000)

    assert found == whole.split(b"\n")[:-1]


def test_much_that_is_packed_well_comes_in_blocks(reads: dict[str, Any]) -> None:
    whole = b"x" * 999 + b"\n"
    reads["body"] = gzip.compress(whole * 20_000)

    assert len(reads["body"]) < 100_000
    assert len(Packed(HERE, pin(reads["body"])).read(0)) <= streams.BLOCK
    assert len(all_lines(Packed(HERE, pin(reads["body"])), 1000)) == 20_000


def test_a_process_goes_on_where_it_was_and_another_begins_anew(reads: dict[str, Any]) -> None:
    whole = text(30_000)
    reads["body"] = gzip.compress(whole)
    kept, of = Streams(), pin(reads["body"])
    first = kept.take(HERE, of)
    some, at, _ = lines(first, 0, 1000)
    kept.give_back(of, first)
    reads["starts"].clear()

    again = kept.take(HERE, of)
    assert lines(again, at, 1000)[0] == whole.split(b"\n")[1000:2000]
    assert 0 not in reads["starts"]
    other = kept.take(HERE, of)
    assert other is not again
    assert lines(other, at, 1000)[0] == whole.split(b"\n")[1000:2000]
    assert lines(again, 0, 1000)[0] == some  # a page that comes again


def test_only_a_few_places_are_kept(reads: dict[str, Any]) -> None:
    kept = Streams()
    pins = [Pin(Location("bbb", str(number)), 1, "e", None) for number in range(9)]
    for each in pins:
        kept.give_back(each, Packed(HERE, each))

    assert len(kept._kept) == 4
    assert reads["starts"] == []


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(text(10_000))[:-100],
        gzip.compress(b"x\n")[:-4] + b"\0\0\0\0",
        b"\x1f\x8bxxxxxxxxxxx",
        gzip.compress(b"x\n") + b"more",
        zlib.compress(b"x"),
    ],
    ids=["cut", "wrong sum", "no header", "more after it", "zlib"],
)
def test_a_gzip_that_is_broken_is_told_of(reads: dict[str, Any], body: bytes) -> None:
    reads["body"] = body

    with pytest.raises(BadManifest, match="gzip"):
        all_lines(Packed(HERE, pin(body)), 1000)


def test_what_has_no_lines_is_no_manifest(reads: dict[str, Any]) -> None:
    reads["body"] = bytes(1 << 20)

    with pytest.raises(BadManifest, match="longer than"):
        lines(Plain(HERE, pin(reads["body"])), 0, 1000)


def test_nothing_has_no_lines(reads: dict[str, Any]) -> None:
    reads["body"] = gzip.compress(b"")

    assert lines(Packed(HERE, pin(reads["body"])), 0, 1000) == ([], 0, True)
    reads["body"] = b""
    assert lines(Plain(HERE, pin(b"")), 0, 1000) == ([], 0, True)
