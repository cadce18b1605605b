"""What the model chooses from at each of its steps."""

from hypothesis import strategies as st

from driver import Mode
from tests.tasks.fake_s3 import Fault
from tests.tasks.model_world import MIB

Trouble = tuple[Fault, int]
"""What goes wrong with a request of S3, and how many before it are spared."""

NONE: Trouble = ("", 0)

keys = st.sampled_from(("a", "a", "b", "b", "c", "d"))
sources = st.sampled_from(("a", "a", "a", "c", "c", "b", "d"))
destinations = st.sampled_from(("b", "b", "b", "d", "c", "a"))
sizes = st.sampled_from((100, 12 * MIB, 19 * MIB))
some = st.integers(0, 30)
halts: st.SearchStrategy[int | str] = st.one_of(
    st.sampled_from(("", "HeadObject", "CopyObject", "UploadPartCopy", "script write")),
    st.sampled_from(("DeleteObject", "CompleteMultipartUpload", "DeleteObject", "script launch")),
    st.integers(1, 30),
)
faults: st.SearchStrategy[Fault] = st.sampled_from(
    ("", "", "unavailable", "lost", "repeated", "spoilt", "spoilt", "unimplemented", "denied")
)
troubles: st.SearchStrategy[Trouble] = st.tuples(faults, st.integers(0, 8))
modes: st.SearchStrategy[Mode] = st.sampled_from(("auto", "auto", "read", "size"))
seconds = st.sampled_from((1, 6, 11, 31, 100))
