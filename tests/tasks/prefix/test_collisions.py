"""Objects of one move that would get one key: only the first of them goes."""

from dataclasses import replace

import pytest

from driver import Listed, Location, PathNotFoundError
from s3mover import PrefixRequest, prefix_journal
from s3mover.scripts import Script
from tasks.deployment import Deployment
from tasks.prefix import collisions, page
from tasks.prefix.outcome import fault_of
from tasks.prefix.page import claimed
from tasks.prefix.same_names import SameNames
from tasks.prefix.work import Item

ONE, TWO = Item(0, "a/x", 1, "e1", line=1), Item(1, "b/x", 1, "e1", line=2)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "publish", lambda *_: None)


def start(here: Deployment, **more: str) -> str:
    request = PrefixRequest(source="s3://bbb/a/", destination="s3://bbb/b/", **more)  # type: ignore[arg-type]
    prefix_journal.accept(here.redis, "p", request)
    begin = Script("tasks", "prefix_begin", "prefix", "areas")
    ends = ("source_at", '["bbb", "a/"]', "destination_at", '["bbb", "b/"]')
    begin(here.redis, "p", *ends)
    return "p"


def codes(items: list[Item]) -> list[str]:
    return [item.fault.partition(":")[0] for item in items]


def test_the_second_line_of_an_object_is_a_duplicate_also_on_a_later_page(
    here: Deployment,
) -> None:
    with claimed(here, start(here), 1) as first:
        found = collisions.marked(here, first, [ONE, replace(ONE, number=1, line=2), TWO])
        assert codes(found) == ["", "Duplicate", ""]
        assert fault_of(found[1]).end == "skipped"
        first.save(found, "next", (3, 3), 0)
        with claimed(here, "p", 2) as second:
            again = collisions.marked(here, second, [replace(TWO, line=9), Item(1, "c", 1, "e")])
            assert codes(again) == ["Duplicate", ""]
            assert "line 2" in again[0].fault
            second.save(again, "", (2, 2), 0)


def test_another_version_or_object_of_one_place_collides(here: Deployment) -> None:
    items = [
        replace(ONE, version_id="v1"),
        replace(ONE, number=1, version_id="v2"),
        replace(TWO, number=2, renamed="x"),
        replace(TWO, number=3, name="c/x", renamed="x"),
        replace(TWO, number=4, name="x"),
    ]
    with claimed(here, start(here), 1) as first:
        found = collisions.marked(here, first, items)

    assert codes(found) == ["", "Collision", "", "Collision", "Collision"]
    assert "version v1" in found[1].fault
    assert fault_of(found[1]).end == "failed"


def test_what_an_ended_page_has_moved_is_found_at_the_destination(
    here: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def look(_s3: object, place: Location) -> Listed:
        asked.append(place.key)
        if place.key != "b/x":
            raise PathNotFoundError(place.key)
        return Listed(place.key, 1, "e1", None, "STANDARD", None)  # type: ignore[arg-type]

    monkeypatch.setattr(collisions.driver, "look", look)  # type: ignore[attr-defined]
    items = [
        replace(ONE, renamed="x"),
        replace(TWO, renamed="y"),
        Item(2, "?", 0, "", fault="X: y"),
    ]
    with claimed(here, start(here, rekey="{base}"), 1) as first:
        found = collisions.marked(here, first, items)

    assert codes(found) == ["Collision", "", "X"]
    assert sorted(asked) == ["b/x", "b/y"]


def test_a_plan_counts_what_is_named_as_another(monkeypatch: pytest.MonkeyPatch) -> None:
    same = SameNames()
    for item in (replace(ONE, renamed="x"), replace(TWO, renamed="x"), Item(2, "x", 1, "e")):
        same.add(item)
    assert same.count() == 2

    monkeypatch.setattr("tasks.prefix.same_names.MOST", 3)
    same.add(ONE)
    assert same.count() is None
