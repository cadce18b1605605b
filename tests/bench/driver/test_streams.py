from bench.driver.jobs import MIB
from bench.driver.streams import Sink, Source


def nothing() -> None:
    pass


def test_a_source_gives_its_bytes_in_blocks_of_a_mib_and_the_rest() -> None:
    blocks = list(Source(2 * MIB + 5, nothing))

    assert [len(block) for block in blocks] == [MIB, MIB, 5]


def test_a_source_gives_as_many_bytes_as_are_asked_for_and_no_more_than_it_has() -> None:
    source = Source(4 * MIB, nothing)

    assert [len(source.read(3 * MIB)), len(source.read(3 * MIB)), len(source.read())] == [
        3 * MIB,
        MIB,
        0,
    ]


def test_a_source_tells_once_that_its_first_block_is_used_up() -> None:
    told: list[str] = []
    source = Source(3 * MIB, lambda: told.append("passed"))

    told_by_then = [list(told) for _ in source]

    assert told_by_then == [[], ["passed"], ["passed"]]


def test_a_sink_counts_bytes_and_tells_once_that_the_first_mib_has_passed() -> None:
    told: list[int] = []
    sink = Sink(lambda: told.append(sink.size))

    written = [sink.write(bytes(MIB // 2)) for _ in range(4)]

    assert written == [MIB // 2] * 4
    assert (sink.size, told) == (2 * MIB, [MIB])
