"""
The message of a part as Celery and kombu write it, with holes for what tells parts apart.

Publishing costs more than all else that a part asks of Celery: here it is written once a move, and
filled in by the script that hands out the next part, which sends it in the same step. A contract
test compares it with what Celery 5.7 publishes itself (read 2026-11).
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

from celery import current_app
from kombu.serialization import dumps

from s3mover.contract import COPY_PART_TASK, PARTS_QUEUE
from s3mover.display import shown

if TYPE_CHECKING:
    from collections.abc import Callable

# No JSON text has these characters.
PART, TAG = "\x01", "\x02"


@lru_cache(maxsize=256)
def template(group: str, callback: Callable[[str], Any]) -> str:
    """Return the message as it lies in the queue, with holes for the part and a unique tag."""
    sentinel = next(n for n in count(10**9) if str(n) not in group)
    payload = json.dumps(_payload(group, sentinel, callback(group)))
    return payload.replace(str(sentinel), PART).replace("\\u0002", TAG)


def fill(template: str, part: int, tag: str) -> str:
    return template.replace(PART, str(part)).replace(TAG, tag)


def _payload(group: str, part: int, callback: Any) -> dict[str, Any]:
    move_id, _, text = group.rpartition(".")
    generation = int(text)
    kwargsrepr = shown(move_id, part=part, generation=generation)
    headers, properties, body, _ = current_app.amqp.as_task_v2(
        f"{group}.{part}",
        COPY_PART_TASK,
        args=(move_id, generation, part),
        group_id=group,
        group_index=part,
        chord=callback,
        ignore_result=True,
        kwargsrepr=kwargsrepr,
        root_id=move_id,
        parent_id=move_id,
    )
    content_type, encoding, encoded = dumps(body, "json")
    return {
        # As it is, without kombu's base64, which serves bodies that are no text.
        "body": encoded,
        "content-encoding": encoding,
        "content-type": content_type,
        "headers": headers,
        "properties": {
            **properties,
            "kwargsrepr": kwargsrepr,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": PARTS_QUEUE},
            "priority": 0,
            "delivery_tag": f"{group}.{part}.{TAG}",
        },
    }
