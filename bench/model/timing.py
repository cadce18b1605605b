"""How long the modelled S3 takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, and bytes a second; every copy has a stream of its own and slows no other."""

    bandwidth: float = 35e6
    """Bytes a second of one copy."""
    copy_latency: float = 0.020
    """Seconds of a copy besides its bytes: UploadPartCopy, CopyObject."""
    latency: float = 0.010
    """Seconds of every other answer, errors of copies included."""

    def of_copy(self, size: int) -> float:
        """Return the seconds that a copy of `size` bytes takes."""
        return self.copy_latency + size / self.bandwidth
