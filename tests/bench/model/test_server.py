"""When the model answers; on a clock of the test's own."""

from bench.model import Timing
from tests.bench.model.rig import MIB, TIMING, Rig

SOURCE = "x-amz-copy-source: b/source"


def test_a_copy_takes_its_latency_and_the_time_of_its_bytes() -> None:
    assert TIMING.of_copy(0) == 0.5
    assert TIMING.of_copy(10 * MIB) == 2.5


def test_the_default_is_a_stream_of_35_megabytes_a_second() -> None:
    timing = Timing()

    assert (timing.of_copy(35_000_000), timing.latency) == (1.02, 0.01)


def test_a_part_copy_is_answered_when_its_bytes_would_be_there(rig: Rig) -> None:
    half = f"x-amz-copy-source-range: bytes=0-{5 * MIB - 1}"
    answers = rig.copy_part("a", rig.upload("a"), half)

    rig.wait(1.49)
    assert answers == []
    rig.wait(0.02)
    assert answers[0].startswith(b"HTTP/1.1 200 OK")
    assert b"<CopyPartResult" in answers[0]


def test_a_part_is_there_only_after_its_copy_has_ended(rig: Rig) -> None:
    upload = rig.upload("a")
    parts = rig.model.store.uploads[upload].parts
    rig.copy_part("a", upload)

    rig.wait(2.4)
    assert parts == {}
    rig.wait(0.2)
    assert parts[1].size == 10 * MIB


def test_a_whole_copy_takes_the_time_of_its_bytes(rig: Rig) -> None:
    answers = rig.ask("PUT /b/copy", SOURCE)

    rig.wait(2.4)
    assert "copy" not in rig.model.store.objects("b")
    rig.wait(0.2)
    assert b"<CopyObjectResult" in answers[0]
    assert rig.model.store.find("b", "copy").size == 10 * MIB


def test_copies_do_not_slow_each_other(rig: Rig) -> None:
    upload = rig.upload("a")
    answers = [rig.copy_part("a", upload, number=number) for number in range(1, 101)]

    rig.wait(2.6)

    assert all(answer[0].startswith(b"HTTP/1.1 200") for answer in answers)


def test_a_copy_is_of_the_source_as_it_was_when_it_began(rig: Rig) -> None:
    before = rig.model.store.find("b", "source").etag
    rig.ask("PUT /b/copy", SOURCE)

    rig.ask("PUT /b/source", "x-model-size: 1")
    rig.wait(3)

    assert rig.model.store.find("b", "copy").etag == before


def test_other_answers_and_refused_copies_take_the_latency_alone(rig: Rig) -> None:
    upload = rig.upload("a")
    head = rig.ask("HEAD /b/source")
    refused = rig.copy_part("a", upload, 'x-amz-copy-source-if-match: "x"')

    rig.wait(0.24)
    assert head == refused == []
    rig.wait(0.02)
    assert head[0].startswith(b"HTTP/1.1 200")
    assert refused[0].startswith(b"HTTP/1.1 412")


def test_a_part_whose_upload_is_aborted_meanwhile_does_not_land(rig: Rig) -> None:
    upload = rig.upload("a")
    copy = rig.copy_part("a", upload)

    rig.ask(f"DELETE /b/a?uploadId={upload}")
    rig.wait(3)

    assert copy[0].startswith(b"HTTP/1.1 404")
    assert b"NoSuchUpload" in copy[0]


def test_a_copy_that_may_not_overwrite_is_refused_at_its_end_too(rig: Rig) -> None:
    copy = rig.ask("PUT /b/copy", SOURCE, "if-none-match: *")

    rig.ask("PUT /b/copy", "x-model-size: 1")
    rig.wait(3)

    assert copy[0].startswith(b"HTTP/1.1 412")
    assert rig.model.store.find("b", "copy").size == 1
