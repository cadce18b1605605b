"""Where an object may come from and go to: any legal key, driver paths, several buckets."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from s3mover import State
from tests.process.cargo import put, text
from tests.process.rig import PART, Rig
from worker.fleet import SeaweedFS

ROOT = "registry/root"
PATH, URI = "/", f"s3://s3mover/{ROOT}/"
ARCHIVE = "archive"
SIZES = pytest.mark.parametrize("size", [7, PART + 1], ids=["whole", "in parts"])

# Not among them, for SeaweedFS does not keep them (4.48, 2026-11): `\`, `//`, `/./`, `/../`,
# a slash at the end.
KEYS = [
    "a b  c",
    " at both ends ",
    "plus+plus",
    "100%",
    "a%20b%2Fc%00",
    "question?versionId=null",
    "hash#1",
    "amp&equals=;colon:comma,",
    "quote'double\"back`tick",
    "<angle>[square]{curly}(round)",
    "dollar$at@star*bang!pipe|caret^tilde~",
    "grüße/日本語/Ελλάδα",
    "emoji 🚀",
    "e\u0301 is not \u00e9",
    "/".join(["k" * 200] * 4),
    "...",
]


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS) -> Iterator[Rig]:
    buckets = f"{seaweedfs.bucket},{ARCHIVE}"
    settings = {"s3_rootdirectory": f"/{ROOT}", "buckets": buckets}
    with Rig(seaweedfs, workers=1, beat=False, settings=settings) as rig:
        rig.s3.create_bucket(Bucket=ARCHIVE)
        yield rig


@SIZES
@pytest.mark.parametrize("key", KEYS)
def test_any_key_can_be_moved_and_moved_to(rig: Rig, key: str, size: int) -> None:
    name = uuid4().hex
    goods = put(rig, text(size), source=f"{name}/{key}", destination=f"{name}/to/{key}")

    record = rig.wait(rig.move(goods))

    rig.assert_moved(goods, record)
    listed = rig.s3.list_objects_v2(Bucket=goods.bucket, Prefix=f"{name}/")
    assert [found["Key"] for found in listed["Contents"]] == [goods.destination]


@SIZES
@pytest.mark.parametrize(("source", "destination"), [(PATH, PATH), (PATH, URI), (URI, PATH)])
def test_a_driver_path_names_an_object_under_the_root_directory(
    rig: Rig, source: str, destination: str, size: int
) -> None:
    name = uuid4().hex
    keys = f"{ROOT}/{name}/_layers/a-1.b", f"{ROOT}/{name}/c"
    goods = put(rig, text(size), source=keys[0], destination=keys[1])

    move_id = rig.mover.move(source + f"{name}/_layers/a-1.b", destination + f"{name}/c")

    rig.assert_moved(goods, rig.wait(move_id))


def test_a_path_and_an_uri_of_one_object_are_one_object(rig: Rig) -> None:
    name = uuid4().hex
    goods = put(rig, b"stays", source=f"{ROOT}/{name}")

    record = rig.wait(rig.mover.move(f"/{name}", f"s3://{goods.bucket}/{goods.source}"))

    assert record.state is State.DONE
    assert record.evidence is not None
    assert record.evidence.kind == "same"
    assert rig.read(goods, goods.source) == b"stays"


@SIZES
def test_an_object_moves_from_one_bucket_to_another_and_back(rig: Rig, size: int) -> None:
    goods = put(rig, text(size), ContentType="text/x-report")
    here = f"s3://{goods.bucket}/{goods.source}"
    there = f"s3://{ARCHIVE}/{goods.destination}"
    archived = replace(goods, bucket=ARCHIVE)

    record = rig.wait(rig.mover.move(here, there))

    assert (record.state, record.error) == (State.DONE, None)
    assert rig.read(archived, archived.destination) == goods.body
    assert rig.read(goods, goods.source) is None
    assert rig.uploads(archived) == []

    record = rig.wait(rig.mover.move(there, here))

    assert (record.state, record.error) == (State.DONE, None)
    assert rig.read(goods, goods.source) == goods.body
    assert rig.read(archived, archived.destination) is None
    assert rig.uploads(replace(goods, destination=goods.source)) == []
