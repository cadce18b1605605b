"""The limit: what no mover can do better."""

import pytest

from bench.model import Timing
from bench.peers.work import GIB, KIB, MIB, Work

COPY, OTHER = Timing().copy_latency, Timing().latency


def test_the_limit_of_an_object_is_its_waves_and_four_requests() -> None:
    work = Work("", ((1, GIB),), part=16 * MIB, cap=32)

    assert work.limit() == pytest.approx(2 * (COPY + 16 * MIB / 35e6) + 4 * OTHER)


def test_the_limit_of_a_prefix_is_a_page_its_copies_and_a_delete() -> None:
    work = Work("", ((10_000, 4 * KIB),), cap=64)

    copies = 157 * (COPY + 4 * KIB / 35e6)  # 10,000 by 64 is 156.25
    assert work.limit() == pytest.approx(OTHER + copies + OTHER)


def test_a_listing_of_many_pages_may_be_the_limit() -> None:
    work = Work("", ((10_000, 0),), cap=10_000)

    assert work.limit() == pytest.approx(10 * OTHER + COPY + OTHER)


def test_a_mix_is_limited_by_all_its_streams_together() -> None:
    work = Work("", ((640, 0), (1, GIB)), part=16 * MIB, cap=64)

    streams = (640 * COPY + 64 * (COPY + 16 * MIB / 35e6)) / 64
    assert work.limit() == pytest.approx(OTHER + streams + OTHER)
    assert (work.count, work.copies) == (641, 704)


def test_a_pace_makes_streams_faster_and_no_request() -> None:
    assert Work("", ((1, GIB),), pace=10).timing == Timing(bandwidth=350e6)
