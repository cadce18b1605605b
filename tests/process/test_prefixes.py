"""All objects below a prefix are moved, each once, and counted exactly."""

import pytest
from celery import Celery

from s3mover import PrefixRecord, PrefixState
from tests.process import prefix_goods
from tests.process.rig import VERSIONED, Rig, until


def test_a_prefix_of_many_pages_and_large_objects_is_moved_whole(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 2500, large=2)

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods))

    assert record.state is PrefixState.DONE
    assert (record.found, record.listed) == (2502, True)
    prefix_goods.assert_moved(rig, goods, record, goods.bodies)


def test_an_object_overwritten_meanwhile_stays_and_counts_as_failed(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 20, large=1)
    names = ["00001.txt", "00002.txt", "00-large 0.bin"]

    def overwrite() -> None:
        prefix_goods.write(rig, goods, dict.fromkeys(names[1:], b"newer"))

    # One after its copy and before its delete, the others after they were listed.
    prefix_goods.at_the_delete(rig, goods).call(
        lambda: prefix_goods.write(rig, goods, {names[0]: b"newer"})
    )
    copy = rig.gateway.when("CopyObject", times=1)
    copy.where(lambda request: request.key.endswith("to/00002.txt")).call(overwrite)
    rig.gateway.when("HeadObject", key=f"{goods.top}/from/{names[2]}", times=1).call(overwrite)

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods))

    assert record.state is PrefixState.FAILED
    assert (record.found, record.moved, record.failed) == (21, 18, 3)
    assert {trouble.code: trouble.count for trouble in record.troubles} == {"SourceChanged": 3}
    assert set(prefix_goods.sources(rig, goods)) == set(names)
    failed = [name for name, end in prefix_goods.ends(rig, goods, record).items() if end != "moved"]
    assert sorted(failed) == sorted(names)


def test_only_what_the_filters_mean_is_moved(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 30)
    meant = {name for name in goods.bodies if name.endswith("5.txt")}

    record = prefix_goods.wait(
        rig, prefix_goods.move(rig, goods, include=["*5.txt"], exclude=["*/*"], smaller=100)
    )

    assert (record.state, record.found, record.filtered) == (PrefixState.DONE, 3, 27)
    prefix_goods.assert_moved(rig, goods, record, meant)


def test_what_is_at_the_destination_is_kept_when_it_may_not_be_replaced(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 5, large=1)
    for name in ("00001.txt", "00-large 0.bin"):
        rig.s3.put_object(Bucket=goods.bucket, Key=f"{goods.top}/to/{name}", Body=b"old")

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, overwrite="never"))

    assert record.state is PrefixState.DONE
    assert (record.moved, record.skipped) == (4, 2)
    assert set(prefix_goods.sources(rig, goods)) == {"00001.txt", "00-large 0.bin"}


def test_exactly_the_listed_version_is_deleted(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 5, bucket=rig.versioned())
    prefix_goods.write(rig, goods, {"00001.txt": b"the second version"})

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods))

    assert (record.error, record.state, record.moved) == (None, PrefixState.DONE, 5)
    versions = rig.s3.list_object_versions(Bucket=VERSIONED, Prefix=f"{goods.top}/from/")
    assert [each["Key"] for each in versions["Versions"]] == [f"{goods.top}/from/00001.txt"]
    assert versions.get("DeleteMarkers", []) == []
    assert all(line["deletion"] == "version" for line in prefix_goods.report(rig, record))


@pytest.mark.parametrize(
    ("source", "destination", "code"),
    [
        ("s3://{}/a/", "s3://{}/a/b/", "SameObject"),
        ("s3://{}/a/b/", "s3://{}/a/", "SameObject"),
        ("s3://{}/", "s3://{}/a/", "SameObject"),
        ("s3://{}/a//b/", "s3://{}/a/b/", "SameObject"),
        ("/a/", "s3://{}/a/", "SameObject"),
        ("s3://others/a/", "s3://{}/b/", "BucketNotAllowed"),
        ("s3://{}/~s3mover/", "s3://{}/b/", "KeyNotAllowed"),
        ("s3://{}/a/../b/", "s3://{}/c/", "KeyNotAllowed"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_listed(
    rig: Rig, source: str, destination: str, code: str
) -> None:
    ends = source.format(rig.bucket), destination.format(rig.bucket)

    record = prefix_goods.wait(rig, rig.mover.move_prefix(*ends))

    assert (record.state, record.found) == (PrefixState.FAILED, 0)
    assert record.error is not None
    assert record.error.code == code


def test_a_message_by_name_needs_no_client_and_a_bad_one_is_told_of(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 2)
    app = Celery(broker=rig.fleet.valkey.url, set_as_current=False)
    ids = [
        app.send_task("s3mover.move_prefix", queue="control", ignore_result=True, kwargs=fields).id
        for fields in ({"source": goods.source, "destination": goods.destination}, {"source": "x"})
    ]

    good, bad = (wait_for_record(rig, prefix_id) for prefix_id in ids)

    assert (good.state, good.moved) == (PrefixState.DONE, 2)
    assert (bad.state, bad.error and bad.error.code) == (PrefixState.FAILED, "InvalidRequest")
    app.close()


def wait_for_record(rig: Rig, prefix_id: str) -> PrefixRecord:
    until(lambda: rig.redis.exists(f"s3mover:prefix:{prefix_id}"))
    return prefix_goods.wait(rig, prefix_id)
