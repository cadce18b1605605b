"""A primary, a replica and three Sentinels, all with passwords: Redis as in production."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError

from worker.fleet import Valkey
from worker.fleet.ports import HOST

NAME = "moves"
PASSWORD, SENTINEL_PASSWORD = f"password-{uuid4().hex}", f"sentinel-{uuid4().hex}"


class Locked(Valkey):
    """A Valkey that asks for a password, and may follow another."""

    password = PASSWORD

    def __init__(self, directory: Path | None = None, primary: "Locked | None" = None) -> None:
        super().__init__(directory)
        self._primary = primary

    @property
    def url(self) -> str:
        return super().url.replace("://", f"://:{self.password}@")

    def command(self) -> list[str]:
        words = [*super().command(), "--requirepass", self.password, "--masterauth", self.password]
        # At once, instead of after five seconds in which more replicas might ask.
        words += ["--repl-diskless-sync-delay", "0"]
        follow = ["--replicaof", f"{HOST} {self._primary.port}"] if self._primary else []
        return [*words, *follow]

    def is_ready(self) -> bool:
        """Whether it answers, and a replica has all that its primary has."""
        with Redis.from_url(self.url, decode_responses=True) as redis:
            try:
                told = redis.info("replication")
            except RedisError:
                return False
        return self._primary is None or told["master_link_status"] == "up"


class Sentinel(Locked):
    """Watches a primary, and has a replica take its place two seconds after its death."""

    password = SENTINEL_PASSWORD

    def __init__(self, primary: Locked) -> None:
        super().__init__()
        self._watched = primary

    def command(self) -> list[str]:
        file = self.directory / "sentinel.conf"  # its own: it writes what it has found there
        file.write_text(
            f"bind {HOST}\nport {self.port}\ndir {self.directory}\n"
            f"requirepass {self.password}\nsentinel sentinel-pass {self.password}\n"
            f"sentinel monitor {NAME} {HOST} {self._watched.port} 2\n"
            f"sentinel auth-pass {NAME} {PASSWORD}\n"
            f"sentinel down-after-milliseconds {NAME} 2000\n"
            f"sentinel failover-timeout {NAME} 6000\n"
        )
        return [self._binary, str(file), "--sentinel"]

    def is_ready(self) -> bool:
        with Redis.from_url(self.url, decode_responses=True) as redis:
            try:
                return bool(redis.ping())
            except RedisError:
                return False

    def sees_all(self) -> bool:
        """Whether it knows the replica and both other Sentinels: sooner it cannot help."""
        with Redis.from_url(self.url, decode_responses=True) as redis:
            told = redis.execute_command("SENTINEL", "MASTER", NAME)
        state = told if isinstance(told, dict) else dict(zip(told[::2], told[1::2], strict=True))
        return (state["num-slaves"], state["num-other-sentinels"]) in {(1, 2), ("1", "2")}


class WatchedValkey:
    """A context of five servers; like a `Valkey`, it has a URL."""

    def __init__(self) -> None:
        self._ends = ExitStack()

    @property
    def url(self) -> str:
        first, *others = (f"sentinel://{HOST}:{sentinel.port}" for sentinel in self.sentinels)
        login = first.replace("://", f"://:{PASSWORD}@")
        query = f"/0?master_name={NAME}&sentinel_password={SENTINEL_PASSWORD}"
        return ";".join([login, *others]) + query

    def __enter__(self) -> Self:
        with self._ends as ends:
            self.primary = ends.enter_context(Locked())
            self.replica = ends.enter_context(Locked(primary=self.primary))
            self.sentinels = [ends.enter_context(Sentinel(self.primary)) for _ in range(3)]
            self._ends = ends.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()
