"""Faults that only DeleteObjects has: an answer that says of single keys that they failed."""

import re
from collections.abc import Callable
from random import Random

from tests.process.s3_rule import Rule

ENTRY = re.compile(rb"<Object>.*?<Key>(.*?)</Key>.*?</Object>", re.DOTALL)
DENIED = b"<Error><Key>%s</Key><Code>%s</Code><Message>injected by a test</Message></Error>"


def some_keys_fail(seed: str, code: str) -> Callable[[Rule], Rule]:
    """Say of every tenth key that it failed, though it is deleted."""

    def change(asked: bytes, reply: bytes) -> bytes:
        chance = Random(seed)  # noqa: S311  to be repeated
        chosen = [key for key in ENTRY.findall(asked) if chance.random() < 0.1]
        more = b"".join(DENIED % (key, code.encode()) for key in chosen)
        if b"</DeleteResult>" in reply:
            return reply.replace(b"</DeleteResult>", more + b"</DeleteResult>")
        return re.sub(
            rb"<DeleteResult([^>]*?)/>", rb"<DeleteResult\1>%s</DeleteResult>" % more, reply
        )

    return lambda rule: rule.rewrite(change)
