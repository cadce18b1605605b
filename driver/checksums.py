"""The checksum a store keeps of an object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ChecksumType = Literal["FULL_OBJECT", "COMPOSITE"]

STRONGEST_FIRST = (
    "SHA512",
    "SHA256",
    "SHA1",
    "XXHASH128",
    "MD5",
    "CRC64NVME",
    "XXHASH64",
    "XXHASH3",
    "CRC32C",
    "CRC32",
)

COMBINABLE = frozenset({"CRC64NVME", "CRC32C", "CRC32"})
"""Whose part checksums S3 combines to that of the full object (S3 user guide, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """A store's checksum of an object: of its bytes, or a composite of its parts' checksums."""

    algorithm: str
    value: str
    type: ChecksumType

    @property
    def survives_parts(self) -> bool:
        """Whether a copy in parts can have the same one: of the full object, and combined."""
        return self.type == "FULL_OBJECT" and self.algorithm in COMBINABLE


def checksum_of(answer: Mapping[str, object]) -> Checksum | None:
    """Return the strongest checksum of a HEAD's answer, full-object ones first."""
    found = [
        Checksum(algorithm, value, _type(value, answer.get("ChecksumType")))
        for algorithm in STRONGEST_FIRST
        if (value := str(answer.get(f"Checksum{algorithm}") or ""))
    ]
    return next((c for c in found if c.type == "FULL_OBJECT"), found[0] if found else None)


def _type(value: str, stated: object) -> ChecksumType:
    # A composite ends in "-<parts>", which base64 cannot; stores that omit the type exist
    # (SeaweedFS 4.48 for a plain PUT, 2026-11).
    return "COMPOSITE" if stated == "COMPOSITE" or "-" in value else "FULL_OBJECT"
