"""The group of all commands."""

import click

from s3mover.cli.cancel import cancel
from s3mover.cli.completion import completion
from s3mover.cli.doctor import doctor
from s3mover.cli.group import Commands
from s3mover.cli.look import ls, status
from s3mover.cli.mv import mv
from s3mover.cli.options import common
from s3mover.cli.prefix import pause, resume, retry_failed
from s3mover.cli.report import report
from s3mover.cli.sweep import sweep
from s3mover.cli.top import top
from s3mover.cli.watch import watch
from s3mover.cli.web import web

EXIT_CODES = """\b
Exit codes:
   0  done
   1  the move failed, or the doctor found what makes moves fail
   2  usage: a bad option, request or id, or a key that another request has
   3  the move was cancelled
  69  Redis is not available
  75  not ended within --timeout; it goes on
 130  Ctrl-C; the move goes on
"""


@click.group("s3mover", cls=Commands, epilog=EXIT_CODES)
@common(envvar="S3MOVER_BROKER_URL")
@click.version_option(package_name="s3mover", prog_name="s3mover", message="%(prog)s %(version)s")
def main() -> None:
    """Move S3 objects of any size inside S3: the copies are the workers', and S3's own."""


for command in (
    *(mv, status, watch, top, cancel, pause, resume, retry_failed, report),
    *(ls, sweep, doctor, web, completion),
):
    main.add_command(command)
