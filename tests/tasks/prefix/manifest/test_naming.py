"""Which entries of a manifest are looked at, and what a look makes of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

import driver
from config import S3Settings, Settings
from driver import AccessDenied, Listed, Location, PathNotFoundError, Throttled, Transient
from s3mover.prefix_request import parse_prefix_request
from tasks.deployment import Deployment
from tasks.prefix.manifest.entries import Entry
from tasks.prefix.manifest.naming import Namer, Wanted
from tasks.prefix.work import Item

FROM, TO = Location("bbb", "a/"), Location("bbb", "b/")
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
WHOLE: dict[str, Any] = {"size": 5, "etag": "e", "storageclass": "STANDARD"}


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Answer looks at keys, with a version each; by default there is nothing."""
    store: dict[str, Any] = {"asked": [], "there": {}}

    def look(_s3: object, place: Location, version_id: str | None = None) -> Listed:
        store["asked"].append(place.key)
        found = store["there"].get(place.key, PathNotFoundError(place.key))
        if isinstance(found, Exception):
            raise found
        size, etag = found
        return Listed(place.key, size, etag, version_id or "v9", "STANDARD_IA", WRITTEN)

    monkeypatch.setattr(driver, "look", look)
    return store


def namer(*, versions: bool = False, **more: Any) -> Namer:
    s3 = S3Settings(bucket="bbb", region="eu-central-1", **more.pop("s3", {}))
    here: Any = Deployment(Settings(s3=s3, attempts=1), None, None, None)  # type: ignore[arg-type]
    request = parse_prefix_request(source="s3://bbb/a/", destination="s3://bbb/b/", **more)
    return Namer(here, request, FROM, TO, datetime(2026, 11, 24, tzinfo=UTC), versions)


def one(by: Namer, key: str = "a/x", **entry: Any) -> Item:
    (item,) = by.items([Wanted(7, Entry("bbb", key, **entry))])
    return item


@pytest.mark.parametrize(
    ("entry", "more"),
    [
        (WHOLE, {}),
        (WHOLE | {"version_id": "v1"}, {"versions": True}),
        (WHOLE | {"storageclass": ""}, {"storageclass": "GLACIER_IR"}),
        (WHOLE | {"storageclass": ""}, {"s3": {"storageclass": "STANDARD"}}),
        (WHOLE | {"modified": WRITTEN}, {"older": "1d"}),
        (WHOLE | {"size": 0}, {}),
    ],
)
def test_an_entry_that_says_all_is_not_looked_at(
    looks: dict[str, Any], entry: dict[str, Any], more: dict[str, Any]
) -> None:
    item = one(namer(**more), **entry)

    assert looks["asked"] == []
    assert (item.name, item.size, item.etag, item.line, item.fault) == (
        "x", entry["size"], "e", 7, "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "more"),
    [
        ({}, {}),
        (WHOLE | {"etag": ""}, {}),
        (WHOLE | {"size": None}, {}),
        (WHOLE | {"storageclass": ""}, {}),
        (WHOLE, {"versions": True}),
        (WHOLE, {"older": "1d"}),
        (WHOLE, {"rekey": "{year}/{name}"}),
    ],
)
def test_one_that_says_less_is_pinned_as_it_is_now(
    looks: dict[str, Any], entry: dict[str, Any], more: dict[str, Any]
) -> None:
    looks["there"]["a/x"] = (5, "e")

    item = one(namer(**more), **entry)

    assert looks["asked"] == ["a/x"]
    assert (item.size, item.etag, item.version_id, item.storageclass) == (
        5, "e", "v9", "STANDARD_IA",
    )  # fmt: skip
    assert item.renamed == ("2026/x" if "rekey" in more else "")


def test_a_large_object_is_looked_at_before_it_is_a_move_of_its_own(looks: dict[str, Any]) -> None:
    item = one(namer(), **(WHOLE | {"size": 1 << 40}))

    assert looks["asked"] == ["a/x", "b/x"]
    assert item.fault.startswith("PathNotFoundError")


@pytest.mark.parametrize(
    ("there", "entry", "code"),
    [
        ({}, {}, "PathNotFoundError"),
        ({"b/x": (5, "e")}, {}, "SourceGone"),
        ({"a/x": (5, "other")}, {"etag": "e"}, "SourceChanged"),
        ({"a/x": (6, "e")}, {"size": 5}, "SourceChanged"),
        ({"a/x": AccessDenied("no")}, {}, "AccessDenied"),
        ({"a/x": Transient("again")}, {}, "Transient"),
    ],
)
def test_what_a_look_does_not_find_is_a_fault_of_that_object_alone(
    looks: dict[str, Any], there: dict[str, Any], entry: dict[str, Any], code: str
) -> None:
    looks["there"] = there

    item = one(namer(), **entry)

    assert (item.name, item.fault.partition(":")[0]) == ("x", code)


def test_a_throttle_has_the_page_come_again(looks: dict[str, Any]) -> None:
    looks["there"]["a/x"] = Throttled("slow down")

    with pytest.raises(Throttled):
        one(namer())


def test_what_the_filters_do_not_mean_is_not_looked_at(looks: dict[str, Any]) -> None:
    wanted = [Wanted(1, Entry("bbb", "a/x.tmp")), Wanted(2, Entry("bbb", "a/x", **WHOLE))]

    assert namer(exclude=["*.tmp"], larger=5).items(wanted) == []
    assert looks["asked"] == []


def test_keys_that_moves_may_not_touch_are_not_looked_at(looks: dict[str, Any]) -> None:
    item = one(namer(), key="a/~s3mover/x")

    assert item.fault.startswith("KeyNotAllowed")
    assert looks["asked"] == []


def test_objects_keep_their_order_whether_looked_at_or_not(looks: dict[str, Any]) -> None:
    looks["there"] = {f"a/{n}": (1, "e") for n in range(9)}
    wanted = [
        Wanted(n, Entry("bbb", f"a/{n}", **(WHOLE if n % 2 else {})), is_alone=n == 3)
        for n in range(9)
    ]

    found = namer().items(wanted)

    assert [(item.number, item.name, item.line) for item in found] == [
        (n, str(n), n) for n in range(9)
    ]
    assert [item.is_alone for item in found].index(True) == 3
