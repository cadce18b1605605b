"""Reads the files that hold settings; one that cannot be read is a fault of its source."""

import re
from pathlib import Path

from dotenv.parser import parse_stream

from config.names import PREFIX
from config.overrides import Document
from config.sources import Source, from_variables
from config.verbatim import parse_yaml

_LEADING_END = re.compile(r"\A((?:[ \t]*(?:#[^\n]*)?\n)*)\.\.\.(?=\s)")


def read_dotenv(path: Path) -> Source:
    """Read the variables of a `.env` file as they are written: nothing is expanded."""
    try:
        with path.open(encoding="utf-8") as stream:
            lines = list(parse_stream(stream))
    except (OSError, ValueError) as error:
        return _unreadable(str(path), path, error)
    variables = {line.key: line.value or "" for line in lines if line.key}
    source = from_variables(variables, lambda name: f"{name} in {path}")
    faults = [
        f"{path}: line {line.original.line} is not NAME=value, or a quote in it does not end"
        for line in lines
        if line.error
    ]
    return Source(source.given, (*source.faults, *faults))


def read_secrets(directory: Path, label: str) -> Source:
    """Read the files named like a variable, in any case; a line break at the end is dropped."""
    try:
        files = {
            path.name.upper(): path
            for path in sorted(directory.iterdir())
            if path.name.upper().startswith(PREFIX)
        }
        variables = {name: path.read_text("utf-8").rstrip("\r\n") for name, path in files.items()}
    except (OSError, ValueError) as error:
        return _unreadable(label, directory, error)
    return from_variables(variables, lambda name: str(files[name]))


def read_yaml(path: Path, label: str) -> Document:
    """Read the YAML file; the registry's own example begins with the end of a document."""
    try:
        # YAML 1.2 allows it, PyYAML 6.0 does not (2026-11); faults keep their line numbers.
        text = _LEADING_END.sub(r"\1", path.read_text("utf-8-sig"))
        return Document(parse_yaml(text), str(path))
    except (OSError, ValueError) as error:
        return Document(faults=_unreadable(label, path, error).faults)


def _unreadable(label: str, path: Path, error: OSError | ValueError) -> Source:
    """Say which file and why, without the error's own text where that quotes the file."""
    if isinstance(error, OSError):
        reason = f"{error.filename or path}: {error.strerror}"
    elif isinstance(error, UnicodeError):
        reason = f"{path}: not UTF-8 text"
    else:
        reason = f"{path}: {error}"
    return Source({}, (f"{label}: cannot read {reason}",))
