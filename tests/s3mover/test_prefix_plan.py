"""What a dry run makes of its counts."""

import pytest

from s3mover.prefix_plan import PrefixPlan, estimate


def test_a_million_small_objects_cost_a_million_copies_and_a_thousand_deletes() -> None:
    counts = PrefixPlan(objects=1_000_000, bytes=4096 * 10**6, small=1_000_000, pages=1000)

    plan = estimate(counts, small_bytes=counts.bytes, threads=32, cap=100)

    assert (plan.copies, plan.reads, plan.deletes) == (1_000_000, 0, 1000)
    assert plan.dollars == pytest.approx(5.01)
    assert plan.seconds == pytest.approx(
        1000 * 0.05 + (50_000 + 4096 * 10**6 / 35e6) / 32, rel=0.01
    )


def test_a_large_object_costs_its_parts_and_the_frame_around_them() -> None:
    counts = PrefixPlan(objects=1, bytes=35 * 10**6 * 100, large=1, parts=100, pages=1)

    plan = estimate(counts, small_bytes=0, threads=200, cap=100)

    assert (plan.copies, plan.deletes) == (102, 1)
    assert plan.seconds == pytest.approx(1.1, abs=0.05)


def test_nothing_costs_a_listing() -> None:
    plan = estimate(PrefixPlan(pages=1), small_bytes=0, threads=32, cap=100)

    assert (plan.copies, plan.deletes) == (0, 0)
    assert plan.dollars == pytest.approx(0.00001)
