"""What a request writes for a move, under a name that is the same for every move."""

import re
import sys
from hashlib import sha1

from celery.backends import redis as backend

import tasks  # noqa: F401  # all of its scripts
from s3mover.scripts import Script
from tests.process.resp import Command, Request

UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
GROUP = re.compile(r"\.\d+(?=\.|$)")
# Commands that change nothing, or nothing that is about one move; any other is a write.
_READS = """
AUTH BITCOUNT BRPOP CLIENT ECHO EXISTS GET HELLO HGET HGETALL HMGET INFO LLEN LRANGE MGET PING
PSUBSCRIBE PTTL PUBLISH SCRIPT SELECT SISMEMBER SMEMBERS SUBSCRIBE TIME TTL TYPE UNSUBSCRIBE
UNWATCH WATCH ZCARD ZCOUNT ZRANGE ZRANGEBYSCORE ZREVRANGE ZSCORE
"""
READS = frozenset(_READS.split())
# Sent by the clock, not by a step of the move; it may fall on either side of any point.
BY_THE_CLOCK = {"renew"}


def scripts() -> dict[str, str]:
    """Return the names of the scripts of this project and of Celery's chords, by digest."""
    modules = [m for name, m in sys.modules.items() if name.split(".")[0] in {"s3mover", "tasks"}]
    values = [value for module in modules for value in vars(module).values()]
    # Not isinstance: it would ask Celery's proxies what they stand for.
    ours = [value for value in values if type(value) is Script]
    names = {_digest(script._read()): script._names[-1] for script in ours}
    for name in ("CHORD_PART_RETURN", "CHORD_CLAIM_EXTEND", "CHORD_CLEANUP"):
        names[_digest(getattr(backend, f"{name}_LUA"))] = name.lower().replace("_", " ")
    return names


def name_of(request: Request) -> str | None:
    """Name what a request writes, None if it only reads."""
    names = [_name(command) for command in request.body if command.name not in READS]
    found = [name for name in names if name not in BY_THE_CLOCK]
    return " + ".join(found) or None


def is_of_event_loop(name: str) -> bool:
    """Tell whether the worker's one event loop does this: it takes and acknowledges messages."""
    return "unacked" in name


def fields_of(request: Request) -> list[str]:
    """Return the fields of hashes that are written, or removed, by a request."""
    commands = [c for c in request.body if c.name in {"HSET", "HDEL"}]
    return [command.words[2].decode() for command in commands]


def ids_in(request: Request) -> set[str]:
    return {found.decode() for found in UUID.findall(request.raw)}


def _name(command: Command) -> str:
    first = command.words[1].decode() if len(command.words) > 1 else ""
    if command.name in {"EVALSHA", "EVAL"}:
        return SCRIPTS.get(first, first)
    return f"{command.name} {GROUP.sub('.*', UUID.sub(b'*', first.encode()).decode())}"


def _digest(script: str) -> str:
    return sha1(script.encode()).hexdigest()  # noqa: S324  Redis names scripts so


SCRIPTS = scripts()
