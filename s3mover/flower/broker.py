"""Where the journal is: in the broker that Flower listens to."""

from __future__ import annotations

import os
from typing import Any


def broker_url(app: Any) -> str:
    """
    Return the URL of the broker.

    `S3MOVER_BROKER_URL`, which the worker's own settings come from, before what Celery made of it.
    """
    own = os.environ.get("S3MOVER_BROKER_URL")
    url = own or app.conf.broker_url
    return str(url if isinstance(url, str) else url[0])
