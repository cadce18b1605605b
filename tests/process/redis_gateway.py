"""
A proxy in front of a Valkey that can stop a move's journal at any of its writes.

From that point on no task writes anything more for the move: it stands as if its worker had
died there. The worker's one event loop is never held, since all moves need it: where it would
stand before a write, it is told that the write was done: what it acknowledges is left out of its
request, and what it has taken is no longer recorded.
"""

import contextlib
import functools
import socket
import socketserver
import threading
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto
from io import BufferedReader
from types import TracebackType

from redis import Redis

from tests.process.redis_taking import ACKNOWLEDGE, RECORD, Taking, taking_of
from tests.process.redis_write import UUID, fields_of, ids_in, is_of_event_loop, name_of
from tests.process.resp import Request, read_reply, read_requests
from tests.process.serving import Serving
from worker.fleet.ports import HOST


@dataclass(frozen=True, slots=True)
class WritePoint:
    """The moment before or after the `nth` write of one name, counted from 1."""

    name: str
    nth: int
    is_after: bool

    def __str__(self) -> str:
        return f"{'after' if self.is_after else 'before'} {self.name} {self.nth}"


class Fate(Enum):
    """What the gateway does with a request."""

    PASS = auto()
    HOLD = auto()  # Valkey never hears of it
    HOLD_REPLY = auto()  # Valkey does it, the worker never hears of it
    NOTE_REPLY = auto()  # Valkey does it, and from then on the move stands
    CHEAT = auto()  # Valkey never hears of it, the worker believes it was done


@dataclass
class Journey:
    """What one move has written, and where it is to stand."""

    point: WritePoint | None
    writes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    is_stopped: bool = False
    stands: threading.Event = field(default_factory=threading.Event)

    def next(self, name: str) -> Fate:
        """Count a write and decide on it."""
        in_loop = is_of_event_loop(name)
        if self.is_stopped:
            return Fate.PASS if in_loop else Fate.HOLD
        self.writes.append(name)
        self.counts[name] += 1
        point = self.point
        if point is None or (point.name, point.nth) != (name, self.counts[name]):
            return Fate.PASS
        self.is_stopped = True
        if point.is_after:
            return Fate.NOTE_REPLY if in_loop else Fate.HOLD_REPLY
        self.stands.set()
        return Fate.CHEAT if in_loop else Fate.HOLD


class RedisGateway(Serving):
    """A context in which `url` is the Valkey at a port of this machine."""

    def __init__(self, port: int) -> None:
        self.target = (HOST, port)
        self.go = threading.Event()
        self._lock = threading.Lock()
        self._journeys: dict[str, Journey] = {}
        self._owners: dict[str, Journey] = {}  # by the tag of a message, or another field
        self._redis = Redis(*self.target)
        super().__init__(functools.partial(Connection, self))

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def watch(self, move_id: str, point: WritePoint | None = None) -> Journey:
        """Record what is written for a move from now on, and stop it at the point."""
        with self._lock:
            self._journeys[move_id] = Journey(point)
            return self._journeys[move_id]

    def release(self) -> None:
        """Cut the connections of all that was held (its worker is dead), and hold nothing more."""
        with self._lock:
            self._journeys.clear()
            self._owners.clear()
            self.go.set()
            self.go = threading.Event()

    def begin(self, request: Request) -> tuple[Fate, Journey | None]:
        """Decide on a request."""
        name = name_of(request)
        with self._lock:
            journey = self._journey_of(request) if name else None
            if name is None or journey is None:
                return Fate.PASS, None
            return journey.next(name), journey

    def acknowledge(self, taking: Taking) -> tuple[bytes, list[Journey]]:
        """Return the request to send on, and the journeys that stand once it is answered."""
        with self._lock:
            owners = {tag: self._owners.get(tag) for tag in taking.tags}
            fates = {tag: each.next(ACKNOWLEDGE) for tag, each in owners.items() if each}
        noted = [self._owners[tag] for tag, fate in fates.items() if fate is Fate.NOTE_REPLY]
        return taking.without(tag for tag, fate in fates.items() if fate is Fate.CHEAT), noted

    def record(self, taking: Taking, reply: bytes) -> None:
        """See whose messages are recorded; one of them may be as if it never was."""
        for message in taking.recorded(reply):
            with self._lock:
                ids = {found.decode() for found in UUID.findall(message.text)}
                found = [self._journeys[each] for each in ids & self._journeys.keys()]
                if len(found) != 1:
                    continue
                self._owners[message.tag] = found[0]
                fate = found[0].next(RECORD)
            if fate is Fate.CHEAT:
                self._redis.zrem("unacked_index", message.tag)
                self._redis.hdel("unacked", message.tag)
            if fate is not Fate.PASS:
                found[0].stands.set()

    def _journey_of(self, request: Request) -> Journey | None:
        """Find the one move that a request is about."""
        fields = fields_of(request)
        ids = ids_in(request) & self._journeys.keys()
        found = [self._journeys[move_id] for move_id in ids]
        if len(found) == 1:
            self._owners.update(dict.fromkeys(fields, found[0]))
        found = found or [self._owners[name] for name in fields if name in self._owners]
        return found[0] if len(found) == 1 else None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
        self._redis.close()
        super().__exit__(kind, error, trace)


class Connection(socketserver.StreamRequestHandler):
    """One client's connection, and its twin to Valkey."""

    disable_nagle_algorithm = True
    wbufsize = 0
    rfile: BufferedReader

    def __init__(
        self,
        gateway: RedisGateway,
        client: socket.socket,
        address: object,
        server: socketserver.BaseServer,
    ) -> None:
        self._gateway = gateway
        self._asked = self._answered = 0
        self._turn = threading.Condition()
        self._watched: dict[int, tuple[Fate, list[Journey], threading.Event]] = {}  # by the reply
        self._takings: dict[int, Taking] = {}  # by the reply
        super().__init__(client, address, server)

    def handle(self) -> None:
        with contextlib.suppress(OSError), socket.create_connection(self._gateway.target) as valkey:
            valkey.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = threading.Thread(target=self._pass_back, args=(valkey,), daemon=True)
            answers.start()
            try:
                for request in read_requests(self.rfile):
                    self._serve(request, valkey)
            finally:
                with contextlib.suppress(OSError):
                    valkey.shutdown(socket.SHUT_RDWR)
                answers.join()

    def _serve(self, request: Request, valkey: socket.socket) -> None:
        go = self._gateway.go
        taking = taking_of(request)
        if taking:
            raw, journeys = self._gateway.acknowledge(taking)
            with self._turn:
                self._asked += 1
                self._takings[self._asked] = taking
                self._watched[self._asked] = Fate.NOTE_REPLY, journeys, go
            valkey.sendall(raw)
            return
        fate, journey = self._gateway.begin(request)
        if fate is Fate.HOLD:
            go.wait()
            raise ConnectionAbortedError
        if fate is Fate.CHEAT:
            with self._turn:
                self._turn.wait_for(lambda: self._answered == self._asked)
                self.wfile.write(request.fake_reply())
            return
        with self._turn:
            self._asked += len(request.commands)
            if journey is not None and fate is not Fate.PASS:
                self._watched[self._asked] = fate, [journey], go
        valkey.sendall(request.raw)

    def _pass_back(self, valkey: socket.socket) -> None:
        """Pass replies on; hold the one that is watched, or note that it came."""
        with contextlib.suppress(OSError), valkey.makefile("rb") as stream:
            while True:
                reply = read_reply(stream)
                with self._turn:
                    watched = self._watched.pop(self._answered + 1, None)
                    taking = self._takings.pop(self._answered + 1, None)
                if taking:
                    self._gateway.record(taking, reply)
                if watched:
                    fate, journeys, go = watched
                    for journey in journeys:
                        journey.stands.set()
                    if fate is Fate.HOLD_REPLY:
                        go.wait()
                        break
                self.wfile.write(reply)
                with self._turn:
                    self._answered += 1
                    self._turn.notify_all()
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
