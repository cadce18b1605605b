"""
The script by which messages are acknowledged, taken and recorded, and its answers.

An order is what follows its digest in EVALSHA: the count of its keys, the keys, the arguments.
"""

from __future__ import annotations

from hashlib import sha1
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from kombu.utils.encoding import bytes_to_str
from redis.exceptions import NoScriptError

if TYPE_CHECKING:
    from collections.abc import Sequence

TAKE = files("worker").joinpath("lua/take.lua").read_text()
DIGEST = sha1(TAKE.encode()).hexdigest()  # noqa: S324  # Redis names scripts so

Order = tuple[Any, ...]

_TAGS = 5  # the place of the first tag behind the keys


class Taken(NamedTuple):
    """A message that has left its queue."""

    queue: str
    text: str
    tag: str
    """Under which it can come back; '' if it was not recorded."""


def order(
    keys: Sequence[str], arguments: tuple[float, int, int, str], acked: Sequence[str]
) -> Order:
    """Return an order; the arguments are those that the script names first."""
    return (len(keys), *keys, *arguments, *acked)


def tags_of(order: Order) -> tuple[str, ...]:
    """Return what an order acknowledges."""
    return cast("tuple[str, ...]", order[order[0] + _TAGS :])


def send(connection: Any, order: Order) -> None:
    """Ask on a connection, without waiting for the answer."""
    connection.send_command("EVALSHA", DIGEST, *order)


def receive(client: Any, connection: Any, order: Order) -> list[Any]:
    """Wait for the answer of what was sent."""
    try:
        return cast("list[Any]", client.parse_response(connection, "EVALSHA"))
    except NoScriptError:
        connection.send_command("EVAL", TAKE, *order)
        return cast("list[Any]", client.parse_response(connection, "EVAL"))


def run(client: Any, order: Order) -> None:
    """Ask and wait, on a connection of the client's pool."""
    try:
        client.evalsha(DIGEST, *order)
    except NoScriptError:
        client.eval(TAKE, *order)


def taken(answer: Sequence[Any], given: Taken | None) -> list[Taken]:
    """Return the messages of an answer, the given one first."""
    tag, *words = (bytes_to_str(each) for each in answer)
    first = [given._replace(tag=tag)] if given else []
    return [*first, *map(Taken, words[::3], words[1::3], words[2::3])]
