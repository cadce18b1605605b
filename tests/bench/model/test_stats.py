"""What the model counts; on a clock of the test's own."""

from tests.bench.model.rig import MIB, Rig


def test_what_was_asked_copied_and_refused_is_counted(rig: Rig) -> None:
    upload = rig.upload("a")
    rig.copy_part("a", upload, f"x-amz-copy-source-range: bytes=0-{5 * MIB - 1}")
    rig.copy_part("a", upload, number=2)
    rig.ask("HEAD /b/none")
    rig.ask("GET /b/source?acl")
    rig.wait(3)

    stats = rig.model.stats.as_json()

    assert stats["requests"] == {
        "CreateMultipartUpload": 1,
        "UploadPartCopy": 2,
        "HeadObject": 1,
        "NotImplemented": 1,
    }
    assert stats["seconds"]["UploadPartCopy"] == 1.5 + 2.5
    assert stats["errors"] == {"NoSuchKey": 1, "NotImplemented": 1}
    assert stats["bytes_copied"] == 15 * MIB


def test_the_peak_of_parts_in_flight_is_counted_for_all_and_for_each_upload(rig: Rig) -> None:
    first, second = rig.upload("first"), rig.upload("second")
    for number in (1, 2, 3):
        rig.copy_part("first", first, number=number)
    rig.copy_part("second", second)
    rig.wait(3)
    rig.copy_part("second", second)

    stats = rig.model.stats.as_json()

    assert (stats["peak_parts"], stats["parts_in_flight"]) == (4, 1)
    assert stats["peak_parts_by_upload"] == {first: 3, second: 1}


def test_a_refused_part_is_never_in_flight(rig: Rig) -> None:
    rig.copy_part("a", rig.upload("a"), 'x-amz-copy-source-if-match: "x"')

    stats = rig.model.stats.as_json()

    assert (stats["peak_parts"], stats["bytes_copied"]) == (0, 0)


def test_a_reset_counts_from_what_is_in_flight(rig: Rig) -> None:
    upload = rig.upload("a")
    rig.copy_part("a", upload)

    answers = rig.ask("POST /-/reset")
    stats = rig.model.stats.as_json()

    assert answers[0].startswith(b"HTTP/1.1 200")
    assert (stats["requests"], stats["bytes_copied"]) == ({}, 0)
    assert (stats["peak_parts"], stats["peak_parts_by_upload"]) == (1, {upload: 1})


def test_how_late_an_answer_leaves_is_counted(rig: Rig) -> None:
    rig.ask("HEAD /b/none")

    rig.wait(0.75)

    assert rig.model.stats.as_json()["late"] == {"mean": 0.5, "worst": 0.5}


def test_the_statistics_are_answered_at_once_and_not_counted(rig: Rig) -> None:
    assert b'"requests": {}' in rig.ask("GET /-/stats")[0]
    assert rig.ask("GET /-/nothing")[0].startswith(b"HTTP/1.1 404")
    assert rig.model.stats.as_json()["requests"] == {}
