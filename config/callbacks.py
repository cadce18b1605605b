"""How the receivers of callbacks are written, and the secrets that sign for them."""

import re
from base64 import b64decode
from collections.abc import Callable

from config.values import ParameterError

_HOST = re.compile(r"([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?")
_QUEUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_SECRET_BYTES = range(24, 65)  # what Standard Webhooks asks for


def read_hosts(value: object) -> frozenset[str]:
    """Accept host names, each with a port if it is not the scheme's, separated by commas."""
    return _names(
        value.lower() if isinstance(value, str) else value,
        lambda name: _HOST.fullmatch(name) is not None,
        "The webhook_hosts parameter should be host names such as hooks.example.com or "
        "web:8000, separated by commas",
    )


def read_queues(value: object) -> frozenset[str]:
    """Accept names of queues, separated by commas."""
    return _names(
        value,
        lambda name: _QUEUE.fullmatch(name) is not None,
        "The callback_queues parameter should be names of queues separated by commas",
    )


def split_secrets(text: str) -> list[str]:
    """Return the secrets of a text, the first of which is the newest."""
    return text.replace(",", " ").split()


def check_secrets(text: str) -> None:
    """Refuse what is no `whsec_…`; the text never echoes it."""
    for secret in split_secrets(text):
        prefix, _, encoded = secret.partition("_")
        try:
            size = len(b64decode(encoded + "=" * (-len(encoded) % 4), validate=True))
        except ValueError:
            size = 0
        if prefix != "whsec" or size not in _SECRET_BYTES:
            raise ParameterError(
                "The webhook_secret parameter should be whsec_ and 24 to 64 bytes in base64; "
                "several, the newest first, are separated by commas"
            )


def _names(value: object, is_good: Callable[[str], bool], problem: str) -> frozenset[str]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple | set | frozenset):
        raise ParameterError(problem)
    if not all(isinstance(name, str) for name in names):
        raise ParameterError(problem)
    stripped = frozenset(name.strip() for name in names) - {""}
    if not all(map(is_good, stripped)):
        raise ParameterError(problem)
    return stripped
