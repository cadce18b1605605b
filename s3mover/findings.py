"""What of the broker the doctor looks at: it holds the journal, so that nothing may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from redis.exceptions import ResponseError

from s3mover.contract import Finding

if TYPE_CHECKING:
    from redis import Redis

OLDEST = 7


def of_broker(redis: Redis) -> tuple[Finding, ...]:
    """Return what is found; what an ACL hides is a warning."""
    return _version(redis), _scripts(redis), _policy(redis), _persistence(redis)


def _version(redis: Redis) -> Finding:
    try:
        info = redis.info("server")
    except ResponseError as error:  # an ACL without it
        advice = f"see that it is Redis {OLDEST} or newer, or Valkey"
        return Finding(check="broker", status="warning", detail=str(error), advice=advice)
    name = "Valkey" if "valkey_version" in info else "Redis"
    version = str(info.get("valkey_version") or info.get("redis_version", "0"))
    known = f"{name} {version}"
    if int(version.partition(".")[0]) < OLDEST:
        advice = f"use Redis {OLDEST} or newer, or Valkey"
        return Finding(check="broker", status="failed", detail=known, advice=advice)
    return Finding(check="broker", status="ok", detail=known)


def _scripts(redis: Redis) -> Finding:
    try:
        redis.eval("return 1", 0)
    except ResponseError as error:
        advice = "allow this user of Redis +eval and +evalsha: see docs/security.md"
        return Finding(check="scripts", status="failed", detail=str(error), advice=advice)
    return Finding(check="scripts", status="ok")


def _policy(redis: Redis) -> Finding:
    advice = "set maxmemory-policy noeviction: an evicted key is a lost move"
    return _configured(redis, "maxmemory-policy", "noeviction", advice)


def _persistence(redis: Redis) -> Finding:
    advice = "set appendonly yes: what is only in memory is lost in a restart"
    return _configured(redis, "appendonly", "yes", advice)


def _configured(redis: Redis, name: str, wanted: str, advice: str) -> Finding:
    try:
        value = cast("dict[str, str]", redis.config_get(name)).get(name, "not known")
    except ResponseError:  # an ACL, or a hosted Redis that has no CONFIG
        value = "not known"
    status = "ok" if value == wanted else "warning"
    return Finding(check=name, status=status, detail=value, advice="" if status == "ok" else advice)
