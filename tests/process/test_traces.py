"""One trace a move: the web request, the move, all its parts, its verdict and the calls of S3."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.process.otlp import Receiver, Span
from tests.process.rig import Goods, Rig, until
from worker.fleet import SeaweedFS

PARTS = 6


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def rig(seaweedfs: SeaweedFS, receiver: Receiver) -> Iterator[Rig]:
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    with Rig(seaweedfs, workers=2, threads=4, variables=variables) as rig:
        yield rig


@contextmanager
def traced_web(rig: Rig, receiver: Receiver, goods: Goods) -> Iterator[OpenTelemetryMiddleware]:
    """Make a web app of somebody else's, that moves these goods with two parts at once."""
    provider = TracerProvider(resource=Resource({"service.name": "shop"}))
    exporter = OTLPSpanExporter(f"{receiver.endpoint}/v1/traces")
    provider.add_span_processor(SimpleSpanProcessor(exporter))

    def archive(_: Request) -> PlainTextResponse:
        return PlainTextResponse(rig.move(goods, multipartcopymaxconcurrency=2))

    app = Starlette(routes=[Route("/archive", archive, methods=["POST"])])
    yield OpenTelemetryMiddleware(app, tracer_provider=provider)
    provider.shutdown()


def posted(app: OpenTelemetryMiddleware) -> str:
    async def post() -> str:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://shop") as client:
            return (await client.post("/archive")).text

    return asyncio.run(post())


def trace_of(receiver: Receiver, move_id: str) -> list[Span]:
    """Return the spans of the trace that the move's first task is in."""
    [trace] = {
        span.trace
        for span in receiver.spans
        if span.name == "run/s3mover.move" and move_id in span.attributes["s3mover.move"]
    }
    return receiver.of(trace)


def runs(receiver: Receiver, move_id: str) -> Counter[str]:
    """Count the tasks about a move, in whatever traces they are."""
    about = [s for s in receiver.spans if move_id in s.attributes.get("s3mover.move", "")]
    return Counter(span.name for span in about)


def test_one_trace_leads_from_the_web_request_to_the_calls_of_s3(
    rig: Rig, receiver: Receiver
) -> None:
    goods = rig.put(PARTS)
    with traced_web(rig, receiver, goods) as app:
        move_id = posted(app)
    rig.assert_moved(goods, rig.wait(move_id))
    until(lambda: runs(receiver, move_id)["run/s3mover.settle"], timeout=20)
    until(lambda: "S3.DeleteObject" in {span.name for span in trace_of(receiver, move_id)}, 20)

    spans = trace_of(receiver, move_id)
    names = Counter(span.name for span in spans)

    [web] = [span for span in spans if not span.parent]
    assert web.service == "shop"
    assert runs(receiver, move_id) == {k: n for k, n in names.items() if k.startswith("run/")}
    assert names["run/s3mover.copy_part"] == names["S3.UploadPartCopy"] == PARTS
    assert {span.service for span in spans} == {"shop", "s3mover-worker"}
    assert names["S3.CompleteMultipartUpload"] == 1


def test_parts_stand_beside_each_other_whoever_has_published_them(
    rig: Rig, receiver: Receiver
) -> None:
    goods = rig.put(PARTS)
    move_id = rig.move(goods, multipartcopymaxconcurrency=1)
    rig.assert_moved(goods, rig.wait(move_id))
    until(lambda: runs(receiver, move_id)["run/s3mover.copy_part"] == PARTS, timeout=20)

    spans = {span.id: span for span in trace_of(receiver, move_id)}
    parts = [span for span in spans.values() if span.name == "run/s3mover.copy_part"]
    [move] = [span for span in spans.values() if span.name == "run/s3mover.move"]

    assert len(parts) == PARTS
    assert {spans[part.parent].name for part in parts} == {"apply_async/s3mover.copy_part"}
    assert {spans[part.parent].parent for part in parts} == {move.id}
    assert {part.attributes["s3mover.part"] for part in parts} == {
        f"int_value: {number}\n" for number in range(1, PARTS + 1)
    }


def test_what_the_sweeper_carries_on_stays_in_the_trace_of_its_move(
    rig: Rig, receiver: Receiver
) -> None:
    goods = rig.put(3)
    slow = rig.gateway.when("UploadPartCopy", key=goods.destination, part=2, times=1).delay(90)
    move_id = rig.move(goods)
    slow.wait_until_hit()
    until(lambda: runs(receiver, move_id)["run/s3mover.move"], timeout=20)
    for worker in rig.fleet.workers:
        worker.kill()
    rig.revive()

    rig.assert_moved(goods, rig.wait(move_id))
    until(lambda: "S3.DeleteObject" in {span.name for span in trace_of(receiver, move_id)}, 20)
    # The verdict's own span ends after those of its requests, and may be sent later.
    until(lambda: runs(receiver, move_id)["run/s3mover.settle"], timeout=20)

    verdicts = [span for span in receiver.spans if span.name == "run/s3mover.settle"]
    ours = [span for span in verdicts if move_id in span.attributes.get("s3mover.move", "")]
    assert ours
    assert {span.trace for span in ours} == {trace_of(receiver, move_id)[0].trace}


def test_no_secret_is_in_a_span(rig: Rig, receiver: Receiver, seaweedfs: SeaweedFS) -> None:
    text = repr(receiver.spans)

    assert "S3." in text
    assert seaweedfs.secret_key not in text
    assert seaweedfs.access_key not in text
