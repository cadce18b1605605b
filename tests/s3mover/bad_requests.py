"""Requests that are refused: one bad field each."""

from typing import Any

HUGE = "x" * 10_000_000

BAD: list[dict[str, Any]] = [
    {"source": None},
    {"source": b"s3://bucket/a"},
    {"source": ["s3://bucket/a"]},
    {"source": ""},
    {"source": "bucket/a"},
    {"source": "http://bucket/a"},
    {"source": "s3://bucket"},
    {"source": "s3://bucket/"},
    {"source": "s3://Bucket/a"},
    {"source": HUGE},
    {"destination": "/a//b"},
    {"destination": "/a/b\n"},
    {"destination": "/a b"},
    {"idempotency_key": ""},
    {"idempotency_key": 4711},
    {"idempotency_key": HUGE},
    {"multipartcopychunksize": -1},
    {"multipartcopychunksize": (5 << 20) - 1},
    {"multipartcopychunksize": (5 << 30) + 1},
    {"multipartcopychunksize": "64MiB"},
    {"multipartcopychunksize": 10**400},
    {"multipartcopymaxconcurrency": 0},
    {"multipartcopymaxconcurrency": True},
    {"multipartcopythresholdsize": -1},
    {"source_customer_key": ""},
    {"source_customer_key": "a" * 33},
    {"source_customer_key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
    {"destination_customer_key": "-a"},
    {"version": 2},
    {"colour": "red"},
]

# What no JSON Schema can say: bytes of a key, what is no Unicode, and that 6e6 is no integer.
BEYOND_SCHEMAS: list[dict[str, Any]] = [
    {"source": "s3://bucket/\ud800"},
    {"destination": "s3://bucket/" + "é" * 513},
    {"idempotency_key": "\udfff"},
    {"multipartcopychunksize": 6e6},
]
