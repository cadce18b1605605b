"""A model in the test's own process, and a clock that stands still until a test moves it."""

from collections.abc import Callable

from bench.model import Timing
from bench.model.request import parse
from bench.model.server import Model
from bench.model.store import Store

MIB = 1024**2
TIMING = Timing(bandwidth=5 * MIB, copy_latency=0.5, latency=0.25)


class Rig:
    """A model whose bucket `b` holds a `source` of 10 MiB: 2.5 seconds of a copy."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._calls: list[tuple[float, Callable[[], None]]] = []
        self.model = Model(Store(), TIMING, self)
        self.model.store.create("b")
        self.ask("PUT /b/source", f"x-model-size: {10 * MIB}")
        self.wait(TIMING.latency)
        self.model.stats.reset()

    def time(self) -> float:
        return self._now

    def call_at(self, when: float, callback: Callable[[], None], /) -> None:
        self._calls.append((when, callback))

    def wait(self, seconds: float) -> None:
        """Let time pass; what is due then is called in its order."""
        self._now += seconds
        due = sorted((call for call in self._calls if call[0] <= self._now), key=lambda c: c[0])
        self._calls = [call for call in self._calls if call[0] > self._now]
        for _, callback in due:
            callback()

    def ask(self, line: str, *headers: str) -> list[bytes]:
        """Send a request; return the list in which its answer will be."""
        answers: list[bytes] = []
        head = "\r\n".join((f"{line} HTTP/1.1", *headers))
        self.model.serve(parse(head.encode()), answers.append)
        return answers

    def upload(self, key: str) -> str:
        """Create an upload, wait for the answer and return its id."""
        answers = self.ask(f"POST /b/{key}?uploads")
        self.wait(TIMING.latency)
        return answers[0].decode().partition("<UploadId>")[2].partition("<")[0]

    def copy_part(self, key: str, upload: str, *headers: str, number: int = 1) -> list[bytes]:
        """Begin to copy the source, or what a header says of it, to a part."""
        line = f"PUT /b/{key}?partNumber={number}&uploadId={upload}"
        return self.ask(line, "x-amz-copy-source: b/source", *headers)
