"""What is refused before the first byte."""

import pytest

from config import S3Settings
from driver import Location, SameObject, Source, VerificationFailed
from driver.checks import refuse_aliases, refuse_unverifiable
from driver.checksums import Checksum
from driver.locations import may_be_one_object

AMAZON = S3Settings(bucket="bucket", region="eu-central-1")
OTHER = S3Settings(bucket="bucket", region="us-east-1", regionendpoint="http://store")


@pytest.mark.parametrize("key", ["a/x", "/a/x", "a//x", "a///x", "a/x/"])
def test_keys_that_differ_in_slashes_only_may_name_one_object(key: str) -> None:
    assert may_be_one_object(Location("bucket", "a/x"), Location("bucket", key))


@pytest.mark.parametrize(("bucket", "key"), [("bucket", "ax"), ("bucket", "a/X"), ("b2", "a/x")])
def test_other_keys_do_not(bucket: str, key: str) -> None:
    assert not may_be_one_object(Location("bucket", "a/x"), Location(bucket, key))


def test_a_move_that_may_be_onto_itself_is_refused_but_on_amazon_s3() -> None:
    one, other = Location("bucket", "a//x"), Location("bucket", "a/x")

    refuse_aliases(AMAZON, one, other)
    with pytest.raises(SameObject, match="choose another destination"):
        refuse_aliases(OTHER, one, other)


def source(checksum: Checksum | None) -> Source:
    return Source(Location("bucket", "a"), 1, "e", None, {}, {}, 0, checksum)


@pytest.mark.parametrize(
    ("checksum", "in_parts"),
    [
        (None, False),
        (Checksum("CRC32", "x-2", "COMPOSITE"), False),
        (Checksum("SHA256", "x", "FULL_OBJECT"), True),
    ],
)
def test_a_copy_that_no_checksum_could_prove_is_refused_where_one_is_asked_for(
    checksum: Checksum | None, *, in_parts: bool
) -> None:
    refuse_unverifiable(source(checksum), "auto", in_parts=in_parts)
    with pytest.raises(VerificationFailed, match="nothing was copied"):
        refuse_unverifiable(source(checksum), "checksum", in_parts=in_parts)


@pytest.mark.parametrize(("algorithm", "in_parts"), [("CRC64NVME", True), ("SHA256", False)])
def test_a_copy_that_a_checksum_can_prove_is_not(algorithm: str, *, in_parts: bool) -> None:
    found = source(Checksum(algorithm, "x", "FULL_OBJECT"))

    refuse_unverifiable(found, "checksum", in_parts=in_parts)
