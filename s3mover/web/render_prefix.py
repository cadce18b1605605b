"""Moves of prefixes as HTML: one in the list, and the page of one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from s3mover.web.markup import Markup, attribute, fill, join
from s3mover.web.prefix_view import NO_PREFIX, PREFIX_FACTS
from s3mover.web.tokens import form_token

if TYPE_CHECKING:
    from s3mover.web.render import Notice
    from s3mover.web.view import View

_BUTTONS = {"pause": "Pause", "resume": "Resume", "cancel": "Cancel", "retry": "Retry what is left"}


def prefix_page(view: View | None, session: str, notice: Notice | None, *, door: bool) -> str:
    csrf = form_token(session)
    said = fill("notice", kind=notice.kind, role=notice.role, text=notice.text) if notice else ""
    main = fill(
        "one_prefix",
        notice=said,
        live=f"prefix-live?{urlencode({'id': view['id']})}" if view else "",
        prefixes=prefix_item(view, csrf, is_open=True) if view else "",
        blank=prefix_item(NO_PREFIX, csrf),
    )
    actions = fill("logout", csrf=csrf) if door else Markup("")
    return fill("layout", title="Move of a prefix: s3mover", actions=actions, main=main)


def prefix_item(view: View, csrf: str, *, is_open: bool = False) -> Markup:
    percent = view["percent"]
    return fill(
        "prefix",
        anchor=f"m-{view['id']}" if view["id"] else "",
        link=f"prefix?{urlencode({'id': view['id']})}",
        value=Markup("") if percent is None else fill("value", percent=percent),
        facts=join(_fact(name, view[name]) for name in PREFIX_FACTS),
        no_error=attribute("hidden", on=not view["error"]),
        no_troubles=attribute("hidden", on=not view["troubles"]),
        no_report=attribute("hidden", on=not view["report"]),
        open=attribute("open", on=is_open),
        buttons=join(_button(view, what, text) for what, text in _BUTTONS.items()),
        troubles=join(fill("trouble", text=text) for text in view["troubles"]),
        csrf=csrf,
        **{name: view[name] for name in _PLAIN},
    )


_PLAIN = ("id", "state", "phase", "source", "destination", "error", "report", "created")


def _button(view: View, what: str, text: str) -> Markup:
    hidden = attribute("hidden", on=not view[f"can_{what}"])
    return fill("button", what=what, text=text, id=view["id"], hidden=hidden)


def _fact(name: str, text: str) -> Markup:
    return fill("fact", name=name, text=text, hidden=attribute("hidden", on=not text))
