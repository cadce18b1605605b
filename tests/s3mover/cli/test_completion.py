"""What a real shell completes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from s3mover import Mover
from tests.s3mover.cli.conftest import Run
from tests.s3mover.records import A, B
from worker.fleet import Valkey

COMMAND = Path(sys.executable).with_name("s3mover")

BASH = """
eval "$(s3mover completion bash)"
COMP_WORDS=(s3mover {words}) COMP_CWORD={last}
_s3mover_completion s3mover
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
autoload -U compinit && compinit -u -D
compadd() {{ print -l -- "${{@[(I)-a],-1}}"; }}
eval "$(s3mover completion zsh)"
words=(s3mover {words}) CURRENT={current}
_describe() {{ print -l -- ${{(P)@[-1]}} }}
_s3mover_completion
"""
FISH = """
s3mover completion fish | source
complete --do-complete "s3mover {line}"
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def complete(shell: str, broker: str, *words: str) -> str:
    """Return what a shell offers for the last of the words."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    quoted = " ".join(f"'{word}'" for word in words)
    script = SCRIPTS[shell].format(
        words=quoted, last=len(words), current=len(words) + 1, line=" ".join(words)
    )
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603  # our own script
        [shutil.which(shell) or shell, "-c", script],
        env=os.environ | {"PATH": path, "S3MOVER_BROKER_URL": broker},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("shell", SCRIPTS)
def test_commands_options_and_ids_are_completed(server: Valkey, mover: Mover, shell: str) -> None:
    moves = sorted(mover.move(A, B) for _ in range(2))

    assert "status" in complete(shell, server.url, "st")
    assert "--timeout" in complete(shell, server.url, "watch", "--ti")
    offered = complete(shell, server.url, "cancel", moves[0][:6])
    assert moves[0] in offered
    assert moves[1] not in offered


def test_every_command_that_takes_an_id_completes_it(server: Valkey, mover: Mover) -> None:
    move = mover.move(A, B)

    for command in ("status", "watch", "cancel"):
        assert complete("bash", server.url, command, move[:4]).split() == [move]


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "no url"])
def test_a_redis_that_is_away_completes_nothing_and_says_nothing(broker: str) -> None:
    assert complete("bash", broker, "status", "4").strip() == ""


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_says_how_to_install_it(run: Run, shell: str) -> None:
    first, *_ = run("completion", shell).stdout.splitlines()

    assert first.startswith("# ")
    assert f"s3mover completion {shell}" in first


def test_the_broker_on_the_command_line_is_asked(server: Valkey, mover: Mover) -> None:
    move = mover.move(A, B)

    offered = complete("bash", "redis://127.0.0.1:1/0", "--broker", server.url, "status", move[:4])

    assert offered.split() == [move]


def test_a_shell_that_is_not_known_is_a_mistake(run: Run) -> None:
    assert run("completion", "csh").exit_code == 2
