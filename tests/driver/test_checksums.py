from driver.checksums import Checksum, checksum_of


def test_an_object_without_a_checksum_has_none() -> None:
    assert checksum_of({"ETag": "x"}) is None


def test_the_strongest_full_object_checksum_comes_first() -> None:
    answer = {"ChecksumCRC32": "AAAAAA==", "ChecksumSHA256": "abc=", "ChecksumType": "FULL_OBJECT"}

    assert checksum_of(answer) == Checksum("SHA256", "abc=", "FULL_OBJECT")


def test_a_composite_is_known_by_its_type_or_by_its_dash() -> None:
    stated = checksum_of({"ChecksumSHA256": "abc=", "ChecksumType": "COMPOSITE"})
    shown = checksum_of({"ChecksumSHA256": "abc=-2"})

    assert stated == Checksum("SHA256", "abc=", "COMPOSITE")
    assert shown == Checksum("SHA256", "abc=-2", "COMPOSITE")


def test_a_checksum_of_unstated_type_is_of_the_full_object() -> None:
    assert checksum_of({"ChecksumCRC32": "AAAAAA=="}) == Checksum(
        "CRC32", "AAAAAA==", "FULL_OBJECT"
    )


def test_a_full_object_checksum_comes_before_a_stronger_composite() -> None:
    answer = {"ChecksumCRC32": "AAAAAA==", "ChecksumSHA256": "abc=-2"}

    assert checksum_of(answer) == Checksum("CRC32", "AAAAAA==", "FULL_OBJECT")
