"""Objects get new names by a rekey, and no two of them one."""

from datetime import UTC, datetime

import pytest

from s3mover import PrefixState
from tests.process import prefix_goods, prefix_manifests
from tests.process.prefix_goods import Goods
from tests.process.rig import PART, Rig, until
from tests.process.test_prefix_crashes import kill_all


def test_a_rekey_names_objects_by_their_dates_and_folders(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 11, large=1)

    record = prefix_goods.wait(
        rig, prefix_goods.move(rig, goods, rekey="{year}/{dir}{stem} old{ext}")
    )

    assert (record.state, record.moved) == (PrefixState.DONE, 12)
    year = datetime.now(UTC).year
    there = set(prefix_goods.destinations(rig, goods))
    assert {f"{year}/00001 old.txt", f"{year}/00-large 0 old.bin"} <= there
    assert f"{year}/sub folder/00000+ä old.txt" in there
    assert prefix_goods.sources(rig, goods) == {}


def twins(rig: Rig, goods: Goods, count: int) -> list[str]:
    """Write objects of the same bytes and names in two folders; those of the second sort last."""
    names = [f"{number:02}" for number in range(count)]
    goods.bodies.update({f"{folder}/{name}": name.encode() for name in names for folder in "az"})
    goods.bodies.update({f"{folder}/large": bytes(PART + 1) for folder in "az"})
    prefix_goods.write(rig, goods, goods.bodies)
    return names


@pytest.mark.parametrize("moment", ["the delete", "the second page"])
def test_the_second_of_one_name_stays_where_it_is(rig: Rig, moment: str) -> None:
    goods = Goods(rig.bucket)
    names = twins(rig, goods, 20)
    order = sorted(goods.bodies)
    lines = prefix_manifests.json_lines(rig, goods, order)
    if moment == "the second page":
        apart = "\n" * 1500
        first = prefix_manifests.json_lines(rig, goods, order[:21])
        lines = first + apart + prefix_manifests.json_lines(rig, goods, order[21:])
    manifest = prefix_manifests.put(rig, goods, "list", lines)
    if moment == "the delete":
        rule = prefix_goods.at_the_delete(rig, goods)
    else:  # it is read when the first has ended
        prefix_manifests.hold(rig, goods, lambda: rig.mover.prefixes.list(1)[0].moved == 21)
        rule = rig.gateway.when("PutObject", times=1)
        rule.where(lambda request: "/page-000002-" in request.key)
    rule.call(lambda: kill_all(rig))

    prefix_id = prefix_goods.move(rig, goods, manifest=manifest, rekey="{base}")
    rule.wait_until_hit()
    until(lambda: not any(worker.running for worker in rig.fleet.workers))
    rig.revive()
    record = prefix_goods.wait(rig, prefix_id)

    assert (record.found, record.moved, record.failed) == (42, 21, 21)
    assert [(each.code, each.count) for each in record.troubles] == [("Collision", 21)]
    assert set(prefix_goods.destinations(rig, goods)) == {*names, "large"}
    assert set(prefix_goods.sources(rig, goods)) == {f"z/{name}" for name in [*names, "large"]}
    ends = prefix_goods.ends(rig, goods, record)
    assert {name: end for name, end in ends.items() if end == "failed"}.keys() == set(
        prefix_goods.sources(rig, goods)
    )


def test_what_is_at_the_destination_is_not_replaced_where_names_may_collide(rig: Rig) -> None:
    goods = prefix_goods.put(rig, 3)
    rig.s3.put_object(Bucket=goods.bucket, Key=f"{goods.top}/to/00001.txt", Body=b"old")

    record = prefix_goods.wait(rig, prefix_goods.move(rig, goods, rekey="{base}"))

    assert (record.moved, record.failed) == (2, 1)
    assert record.troubles[0].code == "Collision"
    assert set(prefix_goods.sources(rig, goods)) == {"00001.txt"}
