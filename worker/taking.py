"""
How a worker takes messages and acknowledges them: one request to Redis for many of both.

kombu's transport waits with BRPOP for one message, records it in a second request and acknowledges
it in a third, each a pipeline of its own: that was a third of the CPU of a part, and a message was
lost when the worker died between the first two (kombu 5.7, read 2026-11). Here `lua/take.lua` does
all three, as long as there are messages; BRPOP only waits for the first of them. What lies in Redis
is what kombu puts there, so workers with and without this share their queues; and where Redis
refuses the script, kombu's own commands do its work.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from queue import Empty
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from kombu.transport import redis
from kombu.utils.encoding import bytes_to_str
from kombu.utils.json import loads
from redis.exceptions import RedisError, ResponseError

from worker import take_script
from worker.take_script import Taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.take_script import Order

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Messages in one answer: so many that their request costs little, few enough to share them."""

_NO_MESSAGE = (TypeError, ValueError, LookupError)
_GONE = (AttributeError, RedisError, OSError)


class TakingChannel(redis.Channel):
    """A channel that takes its messages by the script."""

    qos: Any
    client: Any
    connection_errors: tuple[type[Exception], ...]
    _q_for_pri: Any
    _queue_cycle: Any
    _in_poll: Any  # kombu's: the connection on which Redis owes an answer
    _closing: bool
    _is_taking = True
    """Whether messages are acknowledged, and so recorded."""

    _asked: Order | None = None
    """What the script was asked, where Redis owes its answer; None: it owes that of a BRPOP."""

    _finds_some = False
    """Whether the last answer brought as many messages as were wanted: there may be more."""

    _wanted = 1

    def __init__(self, *args: Any, **options: Any) -> None:
        self._acked: list[str] = []
        self._recorded: set[str] = set()
        super().__init__(*args, **options)

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **options: Any) -> Any:  # noqa: FBT001  # kombu's signature
        self._is_taking = self._is_taking and not no_ack
        return super().basic_consume(queue, no_ack, *args, **options)

    def acknowledge(self, tag: str) -> None:
        """Have a message acknowledged with the next request, in this tick of the event loop."""
        self._acked.append(tag)
        if self._closing or not getattr(self.connection, "is_ticking", False):
            self.flush()

    def tick(self) -> None:
        """Acknowledge now, unless the script is asked anyhow as soon as it has answered."""
        if not self._in_poll or self._asked is None:
            self.flush()

    def flush(self) -> None:
        """Acknowledge at once what is not told yet."""
        if not self._acked:
            return
        order = self._order(0)
        try:
            with self.conn_or_acquire() as client:
                take_script.run(client, order)
        except ResponseError as error:
            self._acknowledge_without(order, error)

    def was_recorded(self, tag: str) -> bool:
        """Tell, once, whether the script has recorded a message that is delivered now."""
        if tag not in self._recorded:
            return False
        self._recorded.discard(tag)
        return True

    def close(self) -> None:
        self._closing = True  # whoever acknowledges from now on has to tell it
        try:
            self.flush()
        except _GONE as error:
            log.warning("the last acknowledgements are not told: %s", error)
        super().close()

    def stop_polling(self) -> None:
        """Wait for the answer that Redis owes, a second at most, and push back what it brings."""
        if not self._in_poll:
            return
        taken = self._read(self.client.connection, most=0)
        self._in_poll = self._asked = None
        self._push_back(taken)

    def _brpop_start(self, timeout: float | None = None) -> None:
        """Ask for messages: the script while there are some, else wait for one."""
        self._wanted = self._credit()
        if not self._is_taking or not (self._finds_some or self._acked) or not self.active_queues:
            self._asked = None
            super()._brpop_start(timeout)  # type: ignore[misc]  # the stubs lack it
            return
        self._asked = self._order(self._wanted)
        self._in_poll = self.client.connection
        self._brpop_sent_at = monotonic()
        take_script.send(self._in_poll, self._asked)

    def _brpop_read(self, **options: Any) -> bool:
        """Deliver what Redis answers; the message of a BRPOP is recorded, and more are taken."""
        if not self._is_taking:
            return bool(super()._brpop_read(**options))  # type: ignore[misc]  # the stubs lack it
        connection = self.client.connection
        try:
            taken = self._read(connection, most=self._wanted - 1)
        except self.connection_errors:
            connection.disconnect()
            raise
        finally:
            self._in_poll = self._asked = None
            self._flush_brpop_reauth()  # type: ignore[attr-defined]  # the stubs lack it
        self._finds_some = len(taken) == self._wanted
        self._deliver_all(taken)
        if not taken:
            if not self._closing:
                self._brpop_start()
            raise Empty
        return True

    def _read(self, connection: Any, most: int) -> list[Taken]:
        """Read the owed answer; if that is a BRPOP's, have its message recorded, and take more."""
        given = None
        if self._asked is None:
            popped = self.client.parse_response(connection, "BRPOP")
            if not popped:
                return []
            queue, text = map(bytes_to_str, popped)
            given = Taken(queue, text, tag="")
            self._asked = self._order(0 if self._closing else most, given.text)
            take_script.send(connection, self._asked)
        try:
            answer = take_script.receive(self.client, connection, self._asked)
        except ResponseError as error:
            self._acknowledge_without(self._asked, error)
            return [given] if given else []
        return take_script.taken(answer, given)

    def _acknowledge_without(self, order: Order, error: ResponseError) -> None:
        """Do what a refused script was to acknowledge; kombu records and takes the rest."""
        log.warning("Redis refuses the script of this worker's messages: %s", error)
        if tags := take_script.tags_of(order):
            with self.conn_or_acquire() as client, client.pipeline() as pipe:
                pipe.zrem(self.unacked_index_key, *tags).hdel(self.unacked_key, *tags).execute()

    def _deliver_all(self, taken: Sequence[Taken]) -> None:
        """Deliver the messages; those after one that fails go back, since nobody knows of them."""
        for number, each in enumerate(taken, 1):
            try:
                self._deliver(each)
            except BaseException:
                with suppress(*_GONE):
                    self._push_back(taken[number:])
                raise

    def _push_back(self, taken: Sequence[Taken]) -> None:
        """Have the messages be the next that are taken, by whomever."""
        with self.client.pipeline() as pipe:
            for queue, text, tag in reversed(taken):
                pipe.rpush(queue, text)
                if tag:
                    pipe.zrem(self.unacked_index_key, tag).hdel(self.unacked_key, tag)
            pipe.execute()

    def _deliver(self, taken: Taken) -> None:
        queue = taken.queue.rsplit(self.sep, 1)[0]
        self._queue_cycle.rotate(queue)
        if taken.tag:
            self._recorded.add(taken.tag)
        try:
            self.connection._deliver(loads(taken.text), queue)  # noqa: SLF001  # as kombu does
        except _NO_MESSAGE as error:
            # Written by no client of kombu: it would end this worker, and has left the queue.
            log.error("dropped what is no message: %s", error)  # noqa: TRY400  # the trace is kombu's
            if self.was_recorded(taken.tag):
                self._acked.append(taken.tag)

    def _credit(self) -> int:
        """Return how many messages may be taken, at least the one that is asked for."""
        free = self.qos.can_consume_max_estimate()
        return AT_ONCE if free is None else max(1, min(AT_ONCE, free))

    def _order(self, most: int, given: str = "") -> Order:
        """Return keys and arguments of the script; it acknowledges all that is not told yet."""
        acked, self._acked = self._acked, []
        names = self._queue_cycle.consume(len(self.active_queues)) if most else []
        queues = [self._q_for_pri(name, step) for step in self.priority_steps for name in names]
        keys = (self.unacked_key, self.unacked_index_key, *queues)
        most = most if names else 0  # of no queue: the last was cancelled while Redis waited
        return take_script.order(keys, (time(), most, len(names), given), acked)
