"""A move works off a manifest: what it names is moved, once, and each line comes to an end."""

import gzip
import json

import pytest

from s3mover import PrefixRecord, PrefixState
from tests.process import prefix_goods, prefix_manifests
from tests.process.prefix_goods import Goods
from tests.process.rig import VERSIONED, Rig, until
from tests.process.test_prefix_crashes import kill_all


def entries(rig: Rig, record: PrefixRecord) -> dict[str, str]:
    """Return the codes of the lines that were no objects, by what they were."""
    lines = [line for line in prefix_goods.report(rig, record) if "entry" in line]
    return {str(line["entry"]): str(line["error"]["code"]) for line in lines}  # type: ignore[index]


@pytest.mark.parametrize("form", ["plain", "gzip"])
def test_what_a_manifest_names_is_moved_and_nothing_else(rig: Rig, form: str) -> None:
    goods = prefix_goods.put(rig, 120, large=1)
    names = [name for name in goods.bodies if not name.endswith("7.txt")]
    text = prefix_manifests.json_lines(rig, goods, names).replace("\n", "\n" * 20)  # three pages
    body = gzip.compress(text.encode()) if form == "gzip" else text
    manifest = prefix_manifests.put(rig, goods, "list", body)
    rig.gateway.clear()

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))

    assert (record.state, record.found) == (PrefixState.DONE, len(names))
    prefix_goods.assert_moved(rig, goods, record, names)
    looks = [each for each in rig.gateway.seen("HeadObject") if f"{goods.top}/from/" in each.key]
    assert {each.key for each in looks} == {f"{goods.top}/from/00-large 0.bin"}


def test_a_csv_of_keys_alone_costs_a_look_at_each(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 30, large=1)
    names = sorted(goods.bodies)[:20]
    text = prefix_manifests.batch_csv(goods, names)
    manifest = prefix_manifests.put(rig, goods, "list.csv", text)

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))

    assert record.state is PrefixState.DONE
    prefix_goods.assert_moved(rig, goods, record, names)


def test_an_inventory_is_read_file_by_file(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 60)
    names = sorted(goods.bodies)
    parts = names[:20], names[20:20], names[20:55]
    manifest = prefix_manifests.inventory(rig, goods, parts)

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))

    assert (record.state, record.found, record.filtered) == (PrefixState.DONE, 55, 3)
    prefix_goods.assert_moved(rig, goods, record, names[:55])


def test_each_line_that_is_no_object_fails_with_its_number(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 4)
    first = "00001.txt"
    good = prefix_manifests.json_lines(rig, goods, goods.bodies).splitlines()
    lines = [
        good[1], "", "{", good[1], json.dumps({"key": f"{goods.top}/else/x"}),
        json.dumps({"key": f"{goods.top}/from/none.txt"}), *good[2:],
    ]  # fmt: skip
    manifest = prefix_manifests.put(rig, goods, "list", "\n".join(lines))

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))

    assert (record.state, record.found) == (PrefixState.FAILED, 7)
    assert (record.moved, record.skipped, record.failed) == (3, 1, 3)
    assert entries(rig, record) == {
        "{": "MalformedEntry",
        f"s3://{goods.bucket}/{goods.top}/else/x": "OutsidePrefix",
        first: "Duplicate",
    }
    assert {each.code for each in record.troubles} == {
        "MalformedEntry", "OutsidePrefix", "PathNotFoundError",
    }  # fmt: skip
    malformed = next(each for each in record.troubles if each.code == "MalformedEntry")
    assert f"line 3 of {manifest}" in malformed.message
    assert set(prefix_goods.sources(rig, goods)) == {"sub folder/00000+ä.txt"}


def test_a_manifest_with_duplicates_outlives_all_workers(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 60)
    names = sorted(goods.bodies)
    lines = prefix_manifests.json_lines(rig, goods, names)
    many = lines + "\n" * 2940 + lines  # the second time pages later
    manifest = prefix_manifests.put(rig, goods, "list", many)
    # All sources of the last page are gone before it begins.
    prefix_manifests.hold(rig, goods, lambda: rig.mover.prefixes.list(1)[0].moved == len(names))
    rule = rig.gateway.when("PutObject", times=1)
    rule.where(lambda each: "/page-000004-" in each.key)
    rule.call(lambda: kill_all(rig))

    prefix_id = prefix_goods.move(rig, goods, manifest=manifest)
    rule.wait_until_hit()
    until(lambda: not any(worker.running for worker in rig.fleet.workers))
    rig.revive()
    record = prefix_goods.wait(rig, prefix_id)

    assert (record.state, record.found) == (PrefixState.DONE, 120)
    assert (record.moved, record.skipped) == (60, 60)
    assert set(prefix_goods.destinations(rig, goods)) == set(names)
    assert prefix_goods.sources(rig, goods) == {}


def test_the_report_of_a_move_that_failed_in_half_is_a_manifest(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 40)
    denied = rig.gateway.when("CopyObject", times=20).respond(403, "AccessDenied")
    denied.where(lambda request: f"{goods.top}/to/" in request.key)
    failed = prefix_goods.wait(rig, prefix_goods.move(rig, goods))
    assert (failed.moved, failed.failed) == (20, 20)

    again = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=failed.report))

    assert (again.state, again.moved, again.filtered) == (PrefixState.DONE, 20, 20)
    assert set(prefix_goods.destinations(rig, goods)) == set(goods.bodies)
    assert prefix_goods.sources(rig, goods) == {}


def test_two_versions_of_one_key_are_never_one_copy(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 2, bucket=rig.versioned())
    prefix_goods.write(rig, goods, {"00001.txt": b"the second version"})
    found = rig.s3.list_object_versions(Bucket=VERSIONED, Prefix=f"{goods.top}/from/")["Versions"]
    lines = [json.dumps({"key": each["Key"], "version_id": each["VersionId"]}) for each in found]
    apart = "\n" * 1500  # so that they are on pages of their own
    manifest = prefix_manifests.put(rig, goods, "list", apart.join(lines))

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))

    assert (record.moved, record.failed, record.troubles[0].code) == (2, 1, "Collision")
    left = rig.s3.list_object_versions(Bucket=VERSIONED, Prefix=f"{goods.top}/from/")["Versions"]
    assert len(left) == 1


def test_a_manifest_that_is_overwritten_ends_the_move(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 20)
    names = sorted(goods.bodies)
    text = prefix_manifests.json_lines(rig, goods, names[:10]) + "\n" * 1500
    text += prefix_manifests.json_lines(rig, goods, names[10:])
    manifest = prefix_manifests.put(rig, goods, "list", text)

    def overwrite() -> None:
        prefix_manifests.put(rig, goods, "list", text.replace("from", "form"))

    rig.gateway.clear()
    first = rig.gateway.when("GetObject", times=1)
    first.where(lambda each: each.key == f"{goods.top}/list")
    first.only_if(lambda: len(reads(rig, goods)) > 3).call(overwrite)
    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))

    assert (record.state, record.moved) == (PrefixState.FAILED, 10)
    assert record.error is not None
    assert record.error.code == "SourceChanged"
    assert f"{goods.top}/list" in record.error.message


def reads(rig: Rig, goods: Goods) -> list[object]:
    return [each for each in rig.gateway.seen("GetObject") if each.key == f"{goods.top}/list"]


@pytest.mark.parametrize(
    ("name", "body", "code", "text"),
    [
        ("none", None, "PathNotFoundError", "no such manifest"),
        ("x.parquet", b"PAR1....", "BadManifest", "Parquet"),
        ("x.zip", b"PK\x03\x04", "BadManifest", "gzip"),
        ("folder/", None, "PathNotFoundError", "no manifest below"),
    ],
)
def test_what_is_no_manifest_is_refused_before_anything_is_listed(
    rig: Rig, name: str, body: bytes | None, code: str, text: str
) -> None:
    goods = prefix_goods.put(rig, 1)
    manifest = f"s3://{goods.bucket}/{goods.top}/{name}"
    if body:
        prefix_manifests.put(rig, goods, name, body)

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))

    assert (record.state, record.found) == (PrefixState.FAILED, 0)
    assert record.error is not None
    assert record.error.code == code
    assert text in record.error.message


def test_a_manifest_is_read_where_moves_may_read(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 1)

    for manifest, code in {
        "s3://others/list": "BucketNotAllowed",
        f"s3://{goods.bucket}/~s3mover/uploads/x": "KeyNotAllowed",
    }.items():
        record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, manifest=manifest))
        assert record.error is not None
        assert record.error.code == code
