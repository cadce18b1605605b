"""
The reference of the command, made of its own code: `python -m s3mover.cli.reference docs`.

It writes cli.md and top.svg into that folder, from what a real fleet has answered: top.json,
doctor.json and sweep.json in its folder examples.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from s3mover import DoctorReport, PrefixRecord, PrefixState, State, SweepReport, Trouble
from s3mover.cli.commands import main
from s3mover.cli.completion import HINTS
from s3mover.cli.doctor import text as doctor_text
from s3mover.cli.exits import MEANINGS, Exit
from s3mover.cli.moves_text import plain
from s3mover.cli.moves_view import MovesView
from s3mover.cli.output import summary, trouble
from s3mover.cli.prefix_output import details as prefix_details
from s3mover.cli.sweep import text as sweep_text
from s3mover.cli.tables import details, table
from s3mover.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from s3mover import MoveRecord

SCHEMAS = {
    "mv": "MoveRecord",
    "status": "MoveRecord",
    "watch": "MoveRecord",
    "top": "Snapshot",
    "cancel": "MoveRecord",
    "pause": "PrefixRecord",
    "resume": "PrefixRecord",
    "ls": "MoveList",
    "sweep": "SweepReport",
    "doctor": "DoctorReport",
}
"""What a command prints with --json: the name of its schema in `s3mover/schemas`."""

_WIDTH = 100

_PREFIX = PrefixRecord(
    id="0c9a7a44-3c43-4f0e-8b1a-6f5f6c0d8f11",
    source="s3://inbox/2026/",
    destination="s3://archive/2026/",
    state=PrefixState.MOVING,
    found=8_000,
    found_bytes=8_000 * 4096,
    moved=3_998,
    moved_bytes=3_998 * 4096,
    failed=2,
    troubles=[
        Trouble(code="AccessDenied", count=2, example="a/1.mov", message="check the policies")
    ],
    pages_open=4,
    deletion="batch",
    report="s3://archive/~s3mover/reports/0c9a7a44-3c43-4f0e-8b1a-6f5f6c0d8f11/",
    created_at=datetime(2026, 11, 24, 20, tzinfo=UTC),
    updated_at=datetime(2026, 11, 24, 20, tzinfo=UTC),
)

_INTRODUCTION = """\
# The command `s3mover`

Made by `python -m s3mover.cli.reference docs`, from the command itself: do not edit it here.

`celery -A worker s3mover …` is the same command, with the broker of that app. `--broker` and
`--json` may stand before or after a command's name. `mv` and `watch` show on a terminal how far the
move is, how fast, what time it still takes and what it is up against; `NO_COLOR` and `TERM=dumb`
are obeyed.

## For programs

With `--json` stdout has results alone: one object, or with `watch` and `top` one a line. What goes
wrong is one object a line on stderr. The schemas are in the package
([s3mover/schemas](../s3mover/schemas)).
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a fleet has answered."""

    top: Snapshot
    doctor: DoctorReport
    sweep: SweepReport


def pages(folder: Path) -> dict[str, str]:
    """Return the text of each file, by its name."""
    answers = _read(folder / "examples")
    return {"cli.md": "\n".join(_page(answers)), "top.svg": picture(answers.top)}


def _read(folder: Path) -> Answers:
    return Answers(
        Snapshot.model_validate_json(folder.joinpath("top.json").read_text()),
        DoctorReport.model_validate_json(folder.joinpath("doctor.json").read_text()),
        SweepReport.model_validate_json(folder.joinpath("sweep.json").read_text()),
    )


def picture(snapshot: Snapshot) -> str:
    """Return the screen of `top` as SVG."""
    console = Console(record=True, width=110, file=io.StringIO(), force_terminal=True)
    console.print(MovesView(snapshot))
    return console.export_svg(title="s3mover top", unique_id="top")


def _page(answers: Answers) -> Iterator[str]:
    yield _INTRODUCTION
    yield from _schemas()
    yield from _exits()
    examples = _examples(answers)
    for name, command in main.commands.items():
        yield from _command(name, command, examples[name])


def _schemas() -> Iterator[str]:
    yield "| command | on stdout |"
    yield "| --- | --- |"
    for name, schema in SCHEMAS.items():
        many = " a line" if name in {"watch", "top"} else ""
        yield f"| `{name}` | [{schema}](../s3mover/schemas/{schema}.json){many} |"
    yield "| each, on stderr | [Complaint](../s3mover/schemas/Complaint.json) a line |"
    yield ""


def _exits() -> Iterator[str]:
    yield "## Exit codes"
    yield ""
    yield f"| command | {' | '.join(str(code.value) for code in Exit)} |"
    yield f"| --- |{' --- |' * len(Exit)}"
    for name, meanings in MEANINGS.items():
        cells = " | ".join(meanings.get(code, "") for code in Exit)
        yield f"| `{name}` | {cells} |"
    yield ""


def _command(name: str, command: click.Command, example: str) -> Iterator[str]:
    ctx = click.Context(command, info_name=f"s3mover {name}", max_content_width=_WIDTH)
    ctx.terminal_width = _WIDTH
    yield f"## s3mover {name}"
    yield ""
    yield f"```text\n{command.get_help(ctx)}\n```"
    yield ""
    if name == "top":
        yield "![top](top.svg)\n"
    yield f"```console\n{example}\n```"
    yield ""


def _examples(answers: Answers) -> Mapping[str, str]:
    records = [line.move for line in answers.top.moves]
    done, copying, failed = (
        next(record for record in records if record.state is state)
        for state in (State.DONE, State.COPYING, State.FAILED)
    )
    outputs = {
        f"mv {done.source} {done.destination}": summary(done),
        f"status {copying.id}": details(copying),
        f"watch {failed.id}": f"s3mover: {trouble(failed)}",
        "top | cat": plain(answers.top),
        f"cancel {copying.id}": _cancelled(copying),
        f"pause {_PREFIX.id}": prefix_details(_PREFIX.model_copy(update={"state": "paused"})),
        f"resume {_PREFIX.id}": prefix_details(_PREFIX),
        f"retry-failed {_PREFIX.id}": "584b1458-5dcc-481a-b1ae-036566ea608e",
        f"report {_PREFIX.id}": str(_PREFIX.report),
        "ls": table(records, answers.top.at),
        "sweep --dry-run": sweep_text(answers.sweep),
        "doctor": doctor_text(answers.doctor),
        "web": "INFO:     Uvicorn running on http://127.0.0.1:8080 (Press CTRL+C to quit)",
        "completion bash | head -1": f"# {HINTS['bash']}",
    }
    return {words.split()[0]: f"$ s3mover {words}\n{text}" for words, text in outputs.items()}


def _cancelled(record: MoveRecord) -> str:
    return f"s3mover: {trouble(record.model_copy(update={'state': State.CANCELLED}))}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for name, text in pages(target).items():
        target.joinpath(name).write_text(text)
