"""What the model chooses from at each of its steps."""

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

from hypothesis import strategies as st

from driver import Mode
from tests.tasks.fake_s3 import Fault
from tests.tasks.model_world import MIB

T = TypeVar("T")
Trouble = tuple[Fault, int]
"""What goes wrong with a request of S3, and how many before it are spared."""

NONE: Trouble = ("", 0)


def evenly(choices: Sequence[T]) -> st.SearchStrategy[T]:
    """
    Choose each about as often as the others, the first where it does not matter.

    Hypothesis likes to repeat what it has drawn, and in 200 examples never came to some (6.150).
    """
    return st.integers(0, 2**32).map(lambda n: choices[crc32(b"%d" % n) % len(choices) if n else 0])


HALTS: tuple[int | str, ...] = (
    *("", "", "HeadObject", "CopyObject", "UploadPartCopy", "CompleteMultipartUpload"),
    *(
        "DeleteObject",
        "DeleteObject",
        "script write",
        "script lock",
        "script launch",
        *range(1, 31, 3),
    ),
)
FAULTS: tuple[Fault, ...] = (
    *("", "", "unavailable", "lost", "lost", "repeated", "spoilt", "spoilt"),
    *("unimplemented", "denied"),
)
keys = evenly(("a", "a", "b", "b", "c", "d"))
sources = evenly(("a", "a", "a", "c", "c", "b", "d"))
destinations = evenly(("b", "b", "b", "d", "c", "a"))
sizes = evenly((100, 12 * MIB, 19 * MIB))
some = st.integers(0, 30)
halts = evenly(HALTS)
troubles: st.SearchStrategy[Trouble] = evenly([(fault, n) for fault in FAULTS for n in range(9)])
modes: st.SearchStrategy[Mode] = evenly(("auto", "auto", "read", "size"))
seconds = st.sampled_from((1, 6, 11, 31, 100))
