"""
Which Redis a broker's URL names: one server, or the primary that some Sentinels know.

    redis://host:6379/0    rediss://host:6379/0
    sentinel://:password@h1:26379;sentinel://h2:26379/0?master_name=mymaster

kombu's form, with one addition: the primary's name is in the URL. So a web app, the CLI and a
worker are still told one thing; a name beside the URL could be forgotten in one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMES = ("redis://", "rediss://")
SENTINEL = "sentinel://"
_PORT = 26379
_LOGIN = ("username", "password")
_QUERY = frozenset({"master_name", "sentinel_username", "sentinel_password"})


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker's URL, taken apart; `sentinels` is empty for one server."""

    url: str = field(repr=False)
    """One server's URL as it was given, or that of the first Sentinel, with login and database.

    The others are not in it: kombu and Celery hide the password of the first only (5.7, 2026-11).
    """

    sentinels: tuple[tuple[str, int], ...] = ()
    master_name: str = ""
    database: int = 0
    login: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the primary asks for: `username` and `password`, if any."""

    sentinel_login: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the Sentinels ask for."""

    @property
    def backend(self) -> str:
        """The URL of Celery's result backend, which looks for the login in the first one alone."""
        others = (_url(address, {}, self.database) for address in self.sentinels[1:])
        return ";".join([self.url, *others])

    @property
    def alternatives(self) -> str:
        """The URL as kombu's own transport takes it: it may switch from one Sentinel to another."""
        if not self.sentinels:
            return self.url
        return ";".join(_url(host, self.login, self.database) for host in self.sentinels)


def read_broker(url: str) -> Broker:
    """Take a URL apart; a ValueError says what is wrong with it, and never quotes it."""
    if url.startswith(SENTINEL):
        return _read_sentinels(url)
    if not url.startswith(SCHEMES) or ";" in url:
        raise ValueError(f"must be one URL that starts with {' or '.join(SCHEMES)}, or {SENTINEL}")
    split = _split(url)
    # All else is refused by redis-py or by kombu, with a TypeError (8.1 and 5.7, 2026-11).
    options = [name for name, _ in parse_qsl(split.query, keep_blank_values=True)]
    if split.scheme == "rediss":
        options = [name for name in options if not name.startswith("ssl_")]
    if unknown := sorted(options):
        raise ValueError(f"has an option that it does not take here: {ascii(unknown[0])[:80]}")
    return Broker(url, database=_number(split.path))


def with_sentinels(url: str, options: Mapping[str, Any]) -> str:
    """Return the one URL for what a Celery app has in its broker's URL and transport options."""
    if not url.startswith(SENTINEL):
        return url
    query = {"master_name": options.get("master_name") or ""}
    login = options.get("sentinel_kwargs") or {}
    query |= {f"sentinel_{name}": value for name, value in login.items() if name in _LOGIN}
    others = [_url(address, {}, None) for address in options.get("sentinels", ())]
    return ";".join([url, *others]) + f"?{urlencode(query)}"


def _read_sentinels(url: str) -> Broker:
    chunks = url.split(";")
    if not all(chunk.startswith(SENTINEL) for chunk in chunks):
        raise ValueError(f"must have {SENTINEL} before each host, with ; between them")
    parts = [_split(chunk) for chunk in chunks]
    query = dict(parse_qsl(_one(parts, "query")))
    if unknown := sorted(query.keys() - _QUERY):
        raise ValueError(f"has an option that Sentinels do not take here: {ascii(unknown[0])[:80]}")
    if not query.get("master_name"):
        raise ValueError("must name the primary as its Sentinels do: …/0?master_name=mymaster")
    addresses = dict.fromkeys((part.hostname or "", part.port or _PORT) for part in parts)
    if ("", _PORT) in addresses:
        raise ValueError("has a Sentinel without a host")
    login = {name: unquote(text) for name in _LOGIN if (text := _one(parts, name))}
    database = _number(_one(parts, "path"))
    return Broker(
        url=_url(next(iter(addresses)), login, database),
        sentinels=tuple(addresses),
        master_name=query["master_name"],
        database=database,
        login=login,
        sentinel_login={n: query[f"sentinel_{n}"] for n in _LOGIN if f"sentinel_{n}" in query},
    )


def _number(path: str) -> int:
    # redis-py takes what is no number for 0; kombu fails, but not before it publishes (2026-11).
    digits = path.strip("/") or "0"
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("must end in the number of a database, such as /0")
    return int(digits)


def _one(parts: list[SplitResult], name: str) -> str:
    """Return what one of the URLs has, or several alike; kombu looks at the first alone."""
    found = {str(value) for part in parts if (value := getattr(part, name)) not in {None, "", "/"}}
    if len(found) > 1:
        raise ValueError(f"has more than one {name}: the Sentinels watch one primary")
    return next(iter(found), "")


def _split(url: str) -> SplitResult:
    try:
        split = urlsplit(url)
        _ = split.port
    except ValueError:
        raise ValueError(
            "has an invalid host or port; percent-encode special characters of the password"
        ) from None
    return split


def _url(address: tuple[str, int], login: Mapping[str, str], database: int | None) -> str:
    host, port = address
    name, password = (quote(login.get(part, ""), safe="") for part in _LOGIN)
    before = f"{name}:{password}@" if login else ""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"{SENTINEL}{before}{place}" + ("" if database is None else f"/{database}")
