"""`python -m bench.model`: serve until killed, or until standard input ends."""

import argparse
import asyncio
import contextlib
import dataclasses
import gc
import os
import sys
from collections.abc import Callable

from bench.model.server import listen
from bench.model.timing import Timing


def main() -> None:
    """Serve, and say where on the first line of standard output."""
    arguments = _parser().parse_args()
    # It makes no cycles worth collecting, and looking for them among 100,000 objects stops it.
    gc.disable()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.model", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--bucket", default="model", help="created empty")
    parser.add_argument(
        "--leashed", action="store_true", help="end when standard input does (a dead parent's)"
    )
    for name in dataclasses.fields(Timing):
        flag = "--" + name.name.replace("_", "-")
        parser.add_argument(flag, type=float, default=name.default, help="default: %(default)s")
    return parser


async def _serve(arguments: argparse.Namespace) -> None:
    timing = Timing(**{f.name: getattr(arguments, f.name) for f in dataclasses.fields(Timing)})
    server = await listen(arguments.port, timing, arguments.bucket)
    host, port = server.sockets[0].getsockname()
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    if arguments.leashed:
        _when_input_ends(ended.set)
    await ended.wait()


def _when_input_ends(call: Callable[[], None]) -> None:
    stdin = sys.stdin.fileno()
    loop = asyncio.get_running_loop()
    loop.add_reader(stdin, lambda: None if os.read(stdin, 1024) else call())


if __name__ == "__main__":
    main()
