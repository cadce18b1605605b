"""How long a move takes to get over a worker that was killed."""

from __future__ import annotations

import time

from bench import fleet
from bench.model import ModelS3
from bench.workers import SLOW
from s3mover import Mover
from worker.fleet import Fleet

MIB = 1024**2
SHORT = {"part_lease": 3, "visibility_timeout": 6, "sweep_grace": 9, "sweep_interval": 3}


def measure(*, defaults: bool) -> str:
    """Kill one of two workers in the middle of a move; compare with the move undisturbed."""
    settings = {} if defaults else SHORT
    with (
        ModelS3(SLOW) as model,
        Fleet(workers=2, threads=16, seaweedfs=model, settings=settings) as two,  # type: ignore[arg-type]  # a server like it
    ):
        calm = fleet.move(two, model, size=320 * 5 * MIB, multipartcopychunksize=5 * MIB)
        model.put("bench/source", 320 * 5 * MIB)
        mover = Mover(two.valkey.url)
        begun = time.monotonic()
        move = mover.move(
            f"s3://{model.bucket}/bench/source",
            f"s3://{model.bucket}/bench/target",
            multipartcopychunksize=5 * MIB,
        )
        while mover.status(move).parts_done < 320 // 5:
            time.sleep(0.05)
        two.workers[0].kill()
        killed = time.monotonic()
        record = mover.wait(move, timeout=900)
        ended = time.monotonic()
    return (
        f"320 parts of 1 s, 2 workers of 16 threads, one SIGKILLed ({settings or 'defaults'}): "
        f"{record.state} {ended - killed:.1f} s after the kill; {calm:.1f} s undisturbed, "
        f"{ended - begun:.1f} s with the kill; launched {record.generation} times"
    )
