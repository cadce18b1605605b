"""The command lines of the peers, at their defaults and at the best we found (2026-11)."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench.peers.work import MIB, SOURCE, TARGET, Work

if TYPE_CHECKING:
    from bench.model import ModelS3

BIN = Path(sys.executable).parent
AWS_BEST = (
    "[default]\ns3 =\n  addressing_style = path\n  max_concurrent_requests = {cap}\n"
    "  max_queue_size = 10000\n  multipart_threshold = {part}MB\n  multipart_chunksize = {part}MB\n"
)
AWS_DEFAULT = "[default]\ns3 =\n  addressing_style = path\n"


@dataclass(frozen=True, slots=True)
class Command:
    """A process to run, and what its environment has besides."""

    peer: str
    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    aws_config: str = ""
    """What is in its AWS_CONFIG_FILE."""


def commands(work: Work, model: ModelS3, name: str) -> list[Command]:
    """Return what moves this work, as each peer would be told to."""
    return [
        _aws(work, model, name, best=False),
        _aws(work, model, name, best=True),
        _s5cmd(work, model, name, best=False),
        _s5cmd(work, model, name, best=True),
        _rclone(work, model, name, best=False),
        _rclone(work, model, name, best=True),
    ]


def can_move(peer: str, work: Work) -> bool:
    """Tell whether a peer is able to: s5cmd has no multipart copy (its issue 29, 2026-11)."""
    return not (peer.startswith("s5cmd") and max(size for _, size in work.sizes) > 5 << 30)


def _aws(work: Work, model: ModelS3, name: str, *, best: bool) -> Command:
    base = f"s3://{model.bucket}"
    many = ("--recursive",) if work.is_prefix else ()
    argv = (
        *(str(BIN / "aws"), "--endpoint-url", model.endpoint, "--region", model.region),
        *("s3", "mv", f"{base}/{SOURCE}/{name}", f"{base}/{TARGET}/{name}"),
        *("--only-show-errors", *many),
    )
    part = max(8, work.part // MIB)
    config = AWS_BEST.format(cap=work.cap, part=part) if best else AWS_DEFAULT
    return Command("aws s3 mv" + _how(best), argv, _keys(), config)


def _s5cmd(work: Work, model: ModelS3, name: str, *, best: bool) -> Command:
    base = f"s3://{model.bucket}"
    ends = (f"{base}/{SOURCE}/{name}", f"{base}/{TARGET}/{name}")
    if work.is_prefix:
        ends = (f"{ends[0]}/*", f"{ends[1]}/")
    workers = ("--numworkers", str(work.cap)) if best else ()  # its default is 256
    argv = (str(BIN / "s5cmd"), "--endpoint-url", model.endpoint, *workers, "mv", *ends)
    return Command("s5cmd mv" + _how(best), argv, _keys())


def _rclone(work: Work, model: ModelS3, name: str, *, best: bool) -> Command:
    verb = "move" if work.is_prefix else "moveto"
    ends = (f"m:{model.bucket}/{SOURCE}/{name}", f"m:{model.bucket}/{TARGET}/{name}")
    cap, part = str(work.cap), f"{max(5, work.part // MIB)}Mi"
    flags = (
        *("--transfers", cap, "--checkers", cap, "--s3-upload-concurrency", cap),
        *(("--s3-copy-cutoff", part) if work.part else ()),
        "--s3-no-check-bucket",
    )
    environment = {
        "RCLONE_CONFIG": "/dev/null",
        "RCLONE_CONFIG_M_TYPE": "s3",
        "RCLONE_CONFIG_M_PROVIDER": "Other",
        "RCLONE_CONFIG_M_LIST_VERSION": "2",  # the model does not know the first
        "RCLONE_CONFIG_M_ENDPOINT": model.endpoint,
        "RCLONE_CONFIG_M_ACCESS_KEY_ID": model.access_key,
        "RCLONE_CONFIG_M_SECRET_ACCESS_KEY": model.secret_key,
    }
    argv = (str(BIN / "rclone"), verb, *ends, *(flags if best else ()))
    return Command("rclone move" + _how(best), argv, environment)


def _keys() -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }


def _how(best: bool) -> str:  # noqa: FBT001  # a word of two
    return ", tuned" if best else ""
