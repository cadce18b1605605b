"""A receiver of traces: what OpenTelemetry's exporters send over HTTP, decoded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.process.serving import Serving
from worker.fleet.ports import HOST


@dataclass(frozen=True)
class Span:
    """What a test looks at."""

    name: str
    trace: str
    id: str
    parent: str
    service: str
    attributes: dict[str, str] = field(default_factory=dict)


class Receiver(Serving):
    """A context in which spans are received at `endpoint`."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.spans.extend(decoded(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        super().__init__(Handler)

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def of(self, trace: str) -> list[Span]:
        return [span for span in self.spans if span.trace == trace]


def decoded(body: bytes) -> Iterator[Span]:
    request = ExportTraceServiceRequest()
    request.ParseFromString(body)
    for resource in request.resource_spans:
        named = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                attributes = {pair.key: str(pair.value) for pair in span.attributes}
                ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                yield Span(span.name, *ids, named["service.name"], attributes)
