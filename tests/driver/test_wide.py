"""However a listing is split, each key is on one page, once."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import S3Settings
from driver import Location
from driver.order import sorts_by_bytes
from driver.wide import MOST_SPANS, list_wide
from tests.driver.listing_store import ListingStore, Order, by_bytes, by_component

AMAZON = S3Settings(bucket="bbb", region="eu-central-1")
OWN = S3Settings(bucket="bbb", region="eu-central-1", regionendpoint="http://localhost:1")
PREFIX = Location("bbb", "p/")

# Markers of directories, the characters around a slash, names beyond ASCII, common beginnings.
pieces = st.sampled_from(["a", "b", "/", "-", ".", "0", "1", "9", "Z", "~", "é", "\uffee", "😀"])
names = st.lists(pieces, max_size=6).map("".join) | st.text("019", min_size=3, max_size=5)
sets_of_keys = st.sets(names.map(lambda name: f"p/{name}"), max_size=60)
STRANGERS = ["o/z", "p", "p-", "p.", "p0", "q/a"]


def walk(
    store: ListingStore, own: S3Settings, *, versions: bool = False, others: int = 0
) -> tuple[list[str], int]:
    """Return all keys as pages show them, and how many cursors there were at most at once."""
    client: Any = store
    cursors, found, most = [""], [], 0
    while cursors:
        listed, following = list_wide(
            client, own, PREFIX, cursors.pop(0), versions=versions, others=len(cursors) + others
        )
        found += [each.key for each in listed]
        cursors += following
        most = max(most, len(cursors))
    return found, most


@settings(deadline=None, max_examples=100)
@given(sets_of_keys, st.booleans(), st.integers(0, 9))
def test_each_key_is_listed_once_by_splits(
    keys: set[str],
    versions: bool,  # noqa: FBT001  # hypothesis gives it
    others: int,
) -> None:
    store = ListingStore({*keys, *STRANGERS})

    found, most = walk(store, AMAZON, versions=versions, others=others)

    assert sorted(found) == sorted(keys)
    assert most + others <= MOST_SPANS


@settings(deadline=None, max_examples=100)
@given(sets_of_keys, st.sampled_from([by_bytes, by_component]))
def test_each_key_is_listed_once_by_folders(keys: set[str], order: Order) -> None:
    store = ListingStore({*keys, *STRANGERS}, order)

    found, _ = walk(store, OWN)

    assert sorted(found) == sorted(keys)
    assert sorted(store.keys) == sorted({*keys, *STRANGERS})  # nothing is left of the probes


def many(count: int, text: str = "p/2026/{:05}.jpg") -> list[str]:
    return [text.format(number) for number in range(count)]


def chain(store: ListingStore, own: S3Settings, *, versions: bool = False) -> int:
    """Return how many requests come one after the other, were all cursors followed at once."""
    client: Any = store
    cursors, rounds = [""], 0
    while cursors:
        rounds += 1
        following: list[str] = []
        for place, cursor in enumerate(cursors):
            others = len(cursors) - place - 1 + len(following)
            following += list_wide(client, own, PREFIX, cursor, versions=versions, others=others)[1]
        cursors = following
    return rounds


@pytest.mark.parametrize("text", ["p/2026/{:05}.jpg", "p/{:x}", "p/é-{:05}", "p/{0}/{0}"])
@pytest.mark.parametrize("versions", [False, True])
def test_a_long_listing_is_split(text: str, *, versions: bool) -> None:
    store = ListingStore(many(2000, text), page=10)

    rounds = chain(store, AMAZON, versions=versions)

    pages = 200 * (1 + versions)
    assert rounds < pages / 4
    assert store.seen.total() < pages * 2


def test_a_store_that_sorts_by_components_is_listed_folder_by_folder() -> None:
    keys = [f"p/year/{month}/{number}" for month in range(10) for number in range(50)]
    store = ListingStore([*keys, "p/year/loose"], by_component, page=10)

    assert not sorts_by_bytes(store, OWN, "bbb", versions=False)  # type: ignore[arg-type]
    assert walk(store, OWN)[1] == 10
    assert chain(store, OWN) == 6


def test_a_store_of_its_own_that_sorts_by_bytes_is_found_out() -> None:
    store: Any = ListingStore(many(200), page=10)

    assert sorts_by_bytes(store, OWN, "bbb", versions=False)
    assert not sorts_by_bytes(store, OWN, "bbb", versions=True)
    assert store.keys == many(200)
    assert chain(store, OWN) < 10


def test_directory_buckets_of_amazon_are_never_split_by_names() -> None:
    assert not sorts_by_bytes(None, AMAZON, "b--use1-az4--x-s3", versions=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("order", [str.lower, lambda key: key.encode("utf-16-be")])
def test_other_orders_are_found_out(order: Order) -> None:
    store: Any = ListingStore([], order)

    assert not sorts_by_bytes(store, OWN, "bbb", versions=False)


def test_a_short_listing_asks_for_nothing_more() -> None:
    store = ListingStore(many(3), page=3)

    assert walk(store, OWN)[0] == many(3)
    assert store.seen == {"ListObjectsV2": 1}


def test_a_listing_is_not_split_where_there_are_many_already() -> None:
    store = ListingStore(many(30), page=3)

    assert walk(store, AMAZON, others=8)[1] == 1
    assert store.seen == {"ListObjectsV2": 10}
