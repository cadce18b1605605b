"""What the benchmark asks of the model itself, below `/-/`: answered at once, and not counted."""

import json
import time
from typing import Any

from bench.model.errors import S3Error
from bench.model.request import Request
from bench.model.stats import Stats
from bench.model.store import S3Object, Store, digest


def control(store: Store, stats: Stats, request: Request) -> str:
    """
    Return the JSON that answers a request.

    `POST reset` sets the counts to zero; `GET stats` returns them. `POST fill` creates `count`
    objects of `size` bytes below a prefix, numbered from `first`; `GET count` counts those below
    a prefix, and `POST clear` removes them: all in `bucket`.
    """
    asked = request.method, request.key
    answer: Any
    if asked == ("POST", "reset"):
        stats.reset()
        answer = True
    elif asked == ("GET", "stats"):
        answer = stats.as_json()
    elif asked == ("POST", "fill"):
        answer = _fill(store, request)
    elif asked == ("GET", "count"):
        answer = len(_below(store, request))
    elif asked == ("POST", "clear"):
        answer = _clear(store, request)
    else:
        raise S3Error("NoSuchKey")
    return json.dumps(answer)


def _fill(store: Store, request: Request) -> int:
    objects, prefix = store.objects(request.query["bucket"]), request.query["prefix"]
    first, count = request.integer("first", 0), request.integer("count", 1)
    size, now = request.integer("size", 0), int(time.time())
    for number in range(first, first + count):
        etag = digest(store.new_id(), size)
        found = S3Object(size=size, etag=etag, headers={}, tags={}, modified=now)
        objects[f"{prefix}{number:07}"] = found
    return count


def _below(store: Store, request: Request) -> list[str]:
    return list(store.objects(request.query["bucket"]).below(request.query["prefix"]))


def _clear(store: Store, request: Request) -> int:
    objects, keys = store.objects(request.query["bucket"]), _below(store, request)
    for key in keys:
        del objects[key]
    return len(keys)
