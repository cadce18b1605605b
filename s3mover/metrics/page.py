"""The table of `docs/metrics.md`, made of the code: `python -m s3mover.metrics.page`."""

from __future__ import annotations

from pathlib import Path

from s3mover.metrics.table import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"

_BEGIN, _END = "<!-- metrics -->\n", "<!-- end -->"


def table() -> str:
    head = "| metric | kind | labels | what it is |\n| --- | --- | --- | --- |\n"
    rows = (
        f"| `{m.name}` | {m.kind} | {', '.join(f'`{name}`' for name in m.labels)} | {m.help} |\n"
        for m in TABLE
    )
    return head + "".join(rows)


def filled(page: str) -> str:
    """Return the page with the table of today in it."""
    before, _, rest = page.partition(_BEGIN)
    return before + _BEGIN + table() + _END + rest.partition(_END)[2]


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
