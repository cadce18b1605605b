"""The page as HTML, from what was looked at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from s3mover.contract import State
from s3mover.web.markup import Markup, attribute, fill, join
from s3mover.web.prefix_view import NO_PREFIX
from s3mover.web.render_prefix import prefix_item
from s3mover.web.tokens import form_token
from s3mover.web.view import FACTS, NOTHING, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from s3mover.web.feed import Look
    from s3mover.web.query import Query

LIMITS = (50, 200, 1000)

_NONE = Markup("")


@dataclass(frozen=True)
class Notice:
    """What has to be said at the top."""

    kind: str
    role: str
    text: str


@dataclass(frozen=True)
class Form:
    """The form that starts a move, as it was sent; its key makes two clicks one move."""

    key: str
    source: str = ""
    destination: str = ""
    overwrite: str = ""

    @classmethod
    def blank(cls) -> Self:
        return cls(str(uuid.uuid4()))

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        names = ("source", "destination", "overwrite")
        return cls(
            fields.get("idempotency_key", ""), *(fields.get(name, "").strip() for name in names)
        )

    def request(self) -> dict[str, Any]:
        """Return the fields of the request, as they were sent."""
        given = {
            "source": self.source,
            "destination": self.destination,
            "idempotency_key": self.key or None,
            "overwrite": self.overwrite or None,
        }
        return {name: value for name, value in given.items() if value is not None}


def login_page(notice: Notice | None) -> str:
    main = fill("login", notice=_notice(notice))
    return fill("layout", title="Sign in: s3mover", actions=_NONE, main=main)


def moves_page(
    look: Look | None, query: Query, session: str, form: Form, notice: Notice | None, *, door: bool
) -> str:
    csrf, asked = form_token(session), _asked(query)
    views = look.views if look else ()
    main = fill(
        "moves",
        notice=_notice(notice),
        csrf=csrf,
        key=form.key,
        source=form.source,
        destination=form.destination,
        never=attribute("checked", on=form.overwrite == "never"),
        q=query.q,
        query=asked,
        states=_states(query),
        limits=_options(((str(n), f"{n} moves") for n in LIMITS), str(query.limit)),
        some=attribute("hidden", on=bool(views) or look is None),
        moves=join(_move(each, csrf, asked) for each in views),
        blank=_move(NOTHING, csrf, asked),
        no_prefixes=attribute("hidden", on=not (look and look.prefixes)),
        prefixes=join(prefix_item(each, csrf) for each in (look.prefixes if look else ())),
        prefix_blank=prefix_item(NO_PREFIX, csrf),
    )
    actions = fill("logout", csrf=csrf) if door else _NONE
    return fill("layout", title="Moves: s3mover", actions=actions, main=main)


def _move(view: View, csrf: str, asked: str) -> Markup:
    percent = view["percent"]
    return fill(
        "move",
        anchor=f"m-{view['id']}" if view["id"] else "",
        id=view["id"],
        state=view["state"],
        phase=view["phase"],
        source=view["source"],
        destination=view["destination"],
        value=_NONE if percent is None else fill("value", percent=percent),
        facts=join(_fact(name, view[name]) for name in FACTS),
        error=view["error"],
        no_error=attribute("hidden", on=not view["error"]),
        lost=view["lost"],
        no_lost=attribute("hidden", on=not view["lost"]),
        troubles=join(fill("trouble", text=text) for text in view["troubles"]),
        no_troubles=attribute("hidden", on=not view["troubles"]),
        created=view["created"],
        query=asked,
        no_cancel=attribute("hidden", on=not view["cancellable"]),
        csrf=csrf,
    )


def _fact(name: str, text: str) -> Markup:
    return fill("fact", name=name, text=text, hidden=attribute("hidden", on=not text))


def _notice(notice: Notice | None) -> Markup:
    if notice is None:
        return _NONE
    return fill("notice", kind=notice.kind, role=notice.role, text=notice.text)


def _states(query: Query) -> Markup:
    chosen = query.state[0].value if query.state else ""
    return _options([("", "any state"), *((s.value, s.value) for s in State)], chosen)


def _options(options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    return join(
        fill("option", value=v, text=text, selected=attribute("selected", on=v == chosen))
        for v, text in options
    )


def _asked(query: Query) -> str:
    """Return the query as the address has it, so that a form comes back to the same list."""
    given = query.model_dump(mode="json", exclude_defaults=True)
    return f"?{urlencode(given, doseq=True)}" if given else ""
