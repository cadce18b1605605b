"""Flower's templates, with one entry more in the navigation, and ours."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from tornado.template import Loader, Template

OURS = ("moves.html", "moves_rows.html")
_NAVBAR = "navbar.html"

_ENTRY = """
        <li class="nav-item">
          <a class="nav-link{% if active_tab == 'moves' %} active{% end %}"
            href="{{ reverse_url('moves') }}"
            {% if active_tab == 'moves' %}aria-current="page"{% end %}>Moves</a>
        </li>
      """


class MovesLoader(Loader):
    """Finds our templates beside Flower's."""

    def check(self) -> None:
        """Raise when Flower's templates are not those that ours go into."""
        for name in (*OURS, _NAVBAR):
            self.load(name)

    def _create_template(self, name: str) -> Template:
        if name in OURS:
            text = files("s3mover.flower").joinpath("templates", name).read_text()
        else:
            text = (Path(self.root) / name).read_text()
        return Template(with_tab(text) if name == _NAVBAR else text, name=name, loader=self)


def with_tab(navbar: str) -> str:
    """Return the navigation with our entry behind the last of the first list; raises ValueError."""
    first, end, rest = navbar.partition("</ul>")
    if "reverse_url('broker')" not in first or not end:
        raise ValueError("the navigation of Flower is not as it was in 2.2.0")
    return first.rstrip() + _ENTRY + end + rest
