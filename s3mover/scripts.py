"""Lua scripts that change the journal in one step each; one file a script."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis import Redis

_COMMON = ("common", "tally", "prefixes", "steps")


class Script:
    """One Lua file; run by its digest, sent again when Redis has forgotten it."""

    def __init__(self, package: str, name: str, *shared: str) -> None:
        """`shared`: files of the package whose functions the script uses."""
        self._package = package
        self._names = (*shared, name)
        self._registered: Any = None

    def __call__(self, redis: Redis, *args: str | bytes | float) -> Any:
        if self._registered is None:
            self._registered = redis.register_script(self._read())
        return self._registered(args=args, client=redis)

    def _read(self) -> str:
        common, own = (files(each).joinpath("lua") for each in ("s3mover", self._package))
        shared = (common.joinpath(f"{name}.lua") for name in _COMMON)
        named = (own.joinpath(f"{name}.lua") for name in self._names)
        return "".join(file.read_text() for file in (*shared, *named))
