"""HTML from the files in `templates`: what is filled in is text, unless it is markup of ours."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Markup(str):
    """HTML that was made here."""

    __slots__ = ()


def fill(template: str, **values: object) -> Markup:
    """Return the template with its `${names}` filled in; each name has to be given."""
    texts = {name: _safe(value) for name, value in values.items()}
    return Markup(_template(template).substitute(texts))


def join(parts: Iterable[Markup]) -> Markup:
    return Markup("".join(parts))


def attribute(name: str, *, on: bool) -> Markup:
    """Return an attribute that is there or not."""
    return Markup(f" {name}" if on else "")


def _safe(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value))


@cache
def _template(name: str) -> Template:
    return Template(files("s3mover.web").joinpath("templates", f"{name}.html").read_text("utf-8"))
