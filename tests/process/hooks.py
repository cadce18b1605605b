"""A web app that receives webhooks, and does what a test asks for."""

import http.server
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.process.serving import Serving

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Call:
    """One request of a webhook."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def event(self) -> Any:
        return json.loads(self.body)


def answering(status: int, **headers: str) -> Answer:
    """Answer with a status and headers, `_` for `-` in their names."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@dataclass
class Heard:
    """What came, and how the next calls are answered; the last answer stays."""

    calls: list[Call] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=lambda: [answering(204)])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_answer(self, call: Call) -> Answer:
        with self.lock:
            self.calls.append(call)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def of(self, move_id: str) -> list[Call]:
        """Return the calls that tell of one move."""
        return [call for call in self.calls if call.event["data"]["id"] == move_id]


class Hooks(Serving):
    """A context in which a receiver listens at `port`."""

    def __init__(self) -> None:
        self.heard = heard = Heard()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                heard.next_answer(Call(self.path, dict(self.headers), body))(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
                pass

        super().__init__(Handler)

    def url(self, path: str = "/hook") -> str:
        return f"http://localhost:{self.port}{path}"
