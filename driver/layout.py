"""The layout of an object in parts, by which its ETag is computed."""

from typing import TYPE_CHECKING

from driver.customer_keys import key_of
from driver.parts import MAX_PART_SIZE, MAX_PARTS, MIN_PART_SIZE, part_count
from driver.source import Pin
from driver.translate import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def layout_of(client: "S3Client", pin: Pin) -> tuple[int, int]:
    """Return the size of the pinned object's first part, and how many there are, or 0."""
    with translated("HeadObject", source=pin.location):
        first = client.head_object(**pin.address, **key_of(pin.location), PartNumber=1)
    return first.get("ContentLength", 0), first.get("PartsCount", 0)


def kept_part_size(pin: Pin, first: int, count: int) -> int:
    """
    Return the size of parts by which a copy has the same layout; 0 if no copy can have it.

    Parts of unequal sizes may have the count of equal ones: then the ETags differ, no more.
    """
    fits = MIN_PART_SIZE <= first <= MAX_PART_SIZE and 1 <= count <= MAX_PARTS
    return first if fits and part_count(pin.size, first) == count else 0
