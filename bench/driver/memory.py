"""The memory of this process, by Linux' own account."""

from __future__ import annotations

from pathlib import Path

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")
RESET_PEAK = "5"  # proc_pid_clear_refs(5)


class Growth:
    """What the process grows by from a moment on: call `begin` then, read `peak` later."""

    def __init__(self) -> None:
        self._start = 0

    def begin(self) -> None:
        CLEAR.write_text(RESET_PEAK, encoding="ascii")
        self._start = _field("VmRSS")

    @property
    def peak(self) -> int:
        """Bytes of the peak since `begin` above what there was; 0 before it."""
        return _field("VmHWM") - self._start if self._start else 0


def _field(name: str) -> int:
    for line in STATUS.read_text(encoding="ascii").splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.removesuffix("kB")) * 1024
    raise LookupError(f"{STATUS} has no {name}")
