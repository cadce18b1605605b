"""Loads the settings from all sources, or reports every fault of them."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.errors import SettingsError
from config.files import read_dotenv, read_secrets, read_yaml
from config.names import PLACES, SECTIONS, variable
from config.overrides import Document
from config.registry import from_registry, is_registrys
from config.settings import Settings
from config.sources import Given, Source, from_celery, from_tree, from_variables

DOTENV = Path(".env")
SECRETS_DIR = Path("/run/secrets")
REGISTRY_CONFIG = "REGISTRY_CONFIGURATION_PATH"


def load(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
    """Load the settings, or raise SettingsError with all faults.

    Sources, highest first: the environment, `.env`, the secrets directory, our YAML file, the
    registry's own variables, the registry's own file. With `environ`, nothing is read that it
    or `dotenv` does not name.
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
    config = read_yaml(*place) if place else None
    registrys = config if config and is_registrys(config.tree) else None
    if config and not registrys:
        sources.append(_ours(config))
    if not registrys and (path := environ.get(REGISTRY_CONFIG)):
        registrys = read_yaml(Path(path), REGISTRY_CONFIG)
    elsewhere = any(path.startswith("s3.") for path in _merged(sources))
    registry = from_registry(environ, registrys, elsewhere=elsewhere)
    return [*sources, registry, from_celery(environ)]


def _ours(config: Document) -> Source:
    source = from_tree(config.tree, config.place)
    return Source(source.given, (*config.faults, *source.faults))


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
    """Return the values as Settings takes them; a section of which nothing is given is none."""
    tree: dict[str, Any] = {}
    sections: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for path in given.keys() - PLACES:
        section, _, name = path.rpartition(".")
        (sections[section] if section else tree)[name] = given[path].value
    used = {
        section: values
        for section, values in sections.items()
        if section == "s3" or any(value is not None for value in values.values())
    }
    return tree | used


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
