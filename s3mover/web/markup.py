"""HTML from the files in `templates`: what is filled in is text, unless it is markup of ours."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_NAME = re.compile(r"\$\{(\w+)\}")


class Markup(str):
    """HTML that was made here."""

    __slots__ = ()


def fill(template: str, **values: object) -> Markup:
    """Return the template with its `${names}` filled in; each name has to be given."""
    # string.Template takes five times as long, which a list of a thousand moves makes felt.
    texts, names = _pieces(template)
    filled = [_safe(values[name]) for name in names]
    return Markup(
        "".join([piece for pair in zip(texts, [*filled, ""], strict=True) for piece in pair])
    )


def join(parts: Iterable[Markup]) -> Markup:
    return Markup("".join(parts))


def attribute(name: str, *, on: bool) -> Markup:
    """Return an attribute that is there or not."""
    return Markup(f" {name}" if on else "")


def _safe(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value))


@cache
def _pieces(name: str) -> tuple[list[str], list[str]]:
    file = files("s3mover.web").joinpath("templates", f"{name}.html")
    pieces = _NAME.split(file.read_text("utf-8"))
    return pieces[::2], pieces[1::2]
