"""How the keys are written that customers encrypt their objects with (SSE-C)."""

import re
from base64 import b64decode
from collections.abc import Iterable

from pydantic import SecretBytes

from config.pairs import read_pairs
from config.values import ParameterError

KEY_BYTES = 32
"""Of AES-256, the only algorithm that S3 has for it (2026-11)."""

# Shorter than a key, so that none is ever taken for a name; requests know the same pattern.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


def read_customer_keys(value: object) -> dict[str, SecretBytes]:
    """Accept name=base64 pairs separated by commas, a JSON object, or a mapping."""
    return dict(_checked(read_pairs(value, "customer_keys", "name=base64")))


def _checked(pairs: Iterable[tuple[object, object]]) -> Iterable[tuple[str, SecretBytes]]:
    seen: set[str] = set()
    for number, pair in enumerate(pairs, start=1):
        # Told by its number: where the name is forgotten, what stands there is the secret.
        which = f"key {number} in customer_keys"
        name, key = pair if isinstance(pair, tuple) else (None, None)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ParameterError(
                f"The name of {which} should have 1 to 32 letters, digits, dots, dashes or "
                "underscores, and begin with a letter or digit"
            )
        if name in seen:
            raise ParameterError(f"The name of {which} is given twice")
        seen.add(name)
        yield name, SecretBytes(_decoded(key, which))


def _decoded(text: object, which: str) -> bytes:
    try:
        key = b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:  # not base64, or not ASCII
        key = b""
    if len(key) != KEY_BYTES:
        raise ParameterError(
            f"The value of {which} should be base64 of exactly {KEY_BYTES} bytes, as "
            f"`openssl rand -base64 {KEY_BYTES}` prints"
        )
    return key
