"""The options that commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import click
from pydantic import ByteSize, TypeAdapter, ValidationError

import s3mover
from s3mover import MoveRequest, PrefixRequest
from s3mover.broker import with_sentinels

if TYPE_CHECKING:
    from s3mover import Mover

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

# Of click's `meta`, which a group's context and its command's are one in.
_JSON, _BROKER = "s3mover.json", "s3mover.broker"


def size(text: str) -> int:
    """Return bytes: 67108864, 64MiB, 64M."""
    try:
        return int(TypeAdapter(ByteSize).validate_python(text))
    except (ValidationError, OverflowError):
        raise click.BadParameter(f"{text!r} is not a size such as 64MiB") from None


def part_size(text: str) -> int | Literal["auto"]:
    """Return bytes, or auto."""
    return "auto" if text.lower() == "auto" else size(text)


def pairs(text: str) -> dict[str, str]:
    """Return the names and values of tags=best-effort,checksum=strict."""
    found = [pair.partition("=") for pair in text.split(",")]
    if not all(sign for _, sign, _ in found):
        raise click.BadParameter(f"{text!r} is not like tags=best-effort,checksum=strict")
    return {name.strip(): value.strip() for name, _, value in found}


def manifest(text: str) -> str:
    """Return where a manifest is, in S3."""
    if not text.startswith("s3://"):
        msg = f"workers read it from S3: `aws s3 cp {text} s3://bucket/key`, and give that"
        raise click.BadParameter(msg)
    return text


def json_object(text: str) -> Any:
    """Return what a JSON object says."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise click.BadParameter("it is not JSON") from None


REQUEST_OPTIONS: dict[str, Callable[[str], Any]] = {
    "idempotency_key": str,
    "multipartcopychunksize": part_size,
    "multipartcopymaxconcurrency": int,
    "multipartcopythresholdsize": size,
    "storageclass": str.upper,
    "encryption": str,
    "source_customer_key": str,
    "destination_customer_key": str,
    "overwrite": str,
    "destination_etag": str,
    "layout": str,
    "preserve": pairs,
    "deadline": int,
    "on_end": json_object,
    "webhook": str,
}
"""The optional fields of MoveRequest, and how each is read from a command line."""


_METAVARS: dict[Callable[[str], Any], str] = {size: "SIZE", part_size: "SIZE"}


def request_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each optional field of a request, with the field's own text."""
    for name, read in reversed(REQUEST_OPTIONS.items()):
        flag = "--" + name.replace("_", "-")
        text = MoveRequest.model_fields[name].description
        metavar = _METAVARS.get(read)
        command = click.option(flag, name, type=read, metavar=metavar, help=text)(command)
    return command


PREFIX_OPTIONS: dict[str, tuple[Callable[[str], Any], bool]] = {
    "include": (str, True),
    "exclude": (str, True),
    "larger": (size, False),
    "smaller": (size, False),
    "older": (str, False),
    "newer": (str, False),
    "manifest": (manifest, False),
    "rekey": (str, False),
}
"""The fields of PrefixRequest that choose objects: how each is read, and whether it repeats."""


def prefix_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--recursive`, and the options that go with it."""
    for name, (read, multiple) in reversed(PREFIX_OPTIONS.items()):
        text = PrefixRequest.model_fields[name].description
        metavar = "SIZE" if read is size else None
        command = click.option(
            f"--{name}", name, type=read, multiple=multiple, metavar=metavar, help=text
        )(command)
    command = click.option(
        "--dry-run", is_flag=True, help="Only tell what a move of a prefix would do and cost."
    )(command)
    return click.option("--recursive", is_flag=True, help="Move all objects below a prefix.")(
        command
    )


def timeout(default: float | None) -> Decorator:
    """Add `--timeout`, in seconds."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        default=default,
        show_default=default is not None,
        help="Wait so long at most; what was begun goes on.",
    )


def common(*, envvar: str | None = None) -> Decorator:
    """Add `--json` and `--broker`, which mean the same before and after a command's name."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(
            "--broker",
            metavar="URL",
            envvar=envvar,
            show_envvar=envvar is not None,  # below `celery` each option has one, of click's making
            expose_value=False,
            callback=_keep(_BROKER),
            help="The Redis of the workers, by default redis://localhost:6379/0; or sentinel://…",
        )(command)
        return click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            callback=_keep(_JSON),
            help="Print JSON, for programs.",
        )(command)

    return decorate


def wants_json(ctx: click.Context) -> bool:
    return bool(ctx.meta.get(_JSON))


def ask_json(ctx: click.Context) -> None:
    ctx.meta[_JSON] = True


def connect(ctx: click.Context) -> Mover:
    """Return the client for the broker that was given, or else Celery's own below `celery`."""
    return s3mover.Mover(broker_url(ctx))


def broker_url(ctx: click.Context) -> str:
    from s3mover.journal import DEFAULT_BROKER_URL  # noqa: PLC0415  # it loads redis-py

    return ctx.meta.get(_BROKER) or _celery_broker(ctx.find_root().obj) or DEFAULT_BROKER_URL


def _celery_broker(root: Any) -> str | None:
    app = getattr(root, "app", None)
    if app is None:
        return None
    return with_sentinels(app.conf.broker_url or "", app.conf.broker_transport_options)


def _keep(key: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
        if value:
            ctx.meta[key] = value

    return keep
