"""The bitmap of the parts that are there."""

from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from tasks.launch import bitmap


@given(parts=st.integers(1, 300), data=st.data())
def test_a_bitmap_has_one_bit_a_part_in_redis_order(parts: int, data: st.DataObject) -> None:
    present = data.draw(st.sets(st.integers(1, parts)))

    bits = bitmap(present, parts)

    assert len(bits) == (parts + 7) // 8
    found = {n for n in range(1, parts + 1) if bits[(n - 1) // 8] & (0x80 >> (n - 1) % 8)}
    assert found == present


def test_redis_reads_the_bits_that_were_meant(redis: Redis) -> None:
    redis.set("bits", bitmap({1, 8, 9, 20}, 20))

    assert [n for n in range(1, 21) if redis.getbit("bits", n - 1)] == [1, 8, 9, 20]
    assert redis.bitpos("bits", 0, 7, -1, "BIT") == 9
