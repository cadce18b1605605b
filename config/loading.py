"""Loads the settings from all sources, or reports every fault of them."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.errors import SettingsError
from config.files import read_config, read_dotenv, read_secrets
from config.names import PLACES, variable
from config.settings import Settings
from config.sources import Given, Source, from_celery, from_registry, from_variables

DOTENV = Path(".env")
SECRETS_DIR = Path("/run/secrets")


def load(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
    """Load the settings, or raise SettingsError with all faults.

    Sources, highest first: the environment, `.env`, the secrets directory, the YAML file, the
    registry's own variables. With `environ`, nothing is read that it or `dotenv` does not name.
    """
    if environ is not None:
        sources = _read(environ, dotenv, None)
    else:
        sources = _read(
            os.environ,
            dotenv or (DOTENV if DOTENV.is_file() else None),
            SECRETS_DIR if SECRETS_DIR.is_dir() else None,
        )
    return _settings(sources)


def load_or_exit() -> Settings:
    """Load the settings; on faults print each on a line of stderr and exit with 2."""
    try:
        return load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None


def _read(environ: Mapping[str, str], dotenv: Path | None, secrets: Path | None) -> list[Source]:
    """Read all sources, the highest first; the upper ones tell where the lower ones are."""
    sources = [from_variables(environ)]
    if dotenv:
        sources.append(read_dotenv(dotenv))
    place = _place(sources, "secrets_dir", secrets)
    if place:
        sources.append(read_secrets(*place))
    place = _place(sources, "config", None)
    if place:
        sources.append(read_config(*place))
    return [*sources, from_registry(environ), from_celery(environ)]


def _place(sources: Sequence[Source], path: str, default: Path | None) -> tuple[Path, str] | None:
    given = _merged(sources).get(path)
    if given and given.value:
        return Path(str(given.value)), given.label
    return (default, variable(path)) if default else None


def _merged(sources: Sequence[Source]) -> dict[str, Given]:
    merged: dict[str, Given] = {}
    for source in reversed(sources):
        merged |= source.given
    return merged


def _settings(sources: Sequence[Source]) -> Settings:
    given = _merged(sources)
    faults = [fault for source in sources for fault in source.faults]
    settings = None
    try:
        settings = Settings.model_validate(_tree(given))
    except ValidationError as error:
        faults += _faults(error, given)
    # Raised out here, so that no traceback carries pydantic's error and its input.
    if settings is None or faults:
        raise SettingsError([" ".join(fault.splitlines()) for fault in faults])
    return settings


def _tree(given: Mapping[str, Given]) -> dict[str, Any]:
    tree: dict[str, Any] = {"s3": {}}
    for path in given.keys() - PLACES:
        *section, name = path.split(".")
        (tree["s3"] if section else tree)[name] = given[path].value
    return tree


def _faults(error: ValidationError, given: Mapping[str, Given]) -> list[str]:
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        if fault["type"] == "default_factory_not_called":
            continue  # `buckets` waits for `s3`, whose faults are listed
        path = ".".join(str(part) for part in fault["loc"])
        label = given[path].label if path in given else variable(path)
        text = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else fault["msg"]
        faults.append(f"{label}: {text}")
    return faults
