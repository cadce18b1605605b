"""What a source says, once it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from config.names import PATHS, PREFIX, TEXTS, VARIABLES, unknown
from config.verbatim import parse_yaml

CELERY = (
    "CELERY_BROKER_URL",
    "CELERY_BROKER_READ_URL",
    "CELERY_BROKER_WRITE_URL",
    "CELERY_RESULT_BACKEND",
)


@dataclass(frozen=True, slots=True)
class Given:
    """A value, and the name by which the user gave it."""

    label: str
    value: object = field(repr=False)  # may be a secret


@dataclass(frozen=True, slots=True)
class Source:
    """The settings that a source gives, by their paths, and the source's own faults."""

    given: Mapping[str, Given]
    faults: tuple[str, ...] = ()


def from_variables(variables: Mapping[str, str], label: Callable[[str], str] = str) -> Source:
    """Read the `S3MOVER_*` among the variables; `label` tells how the user typed a name."""
    given, faults = {}, []
    for name, text in variables.items():
        if path := VARIABLES.get(name):
            given[path] = Given(label(name), text if text or path in TEXTS else None)
        elif name.upper().startswith(PREFIX):
            faults.append(unknown(label(name), name.upper(), VARIABLES))
    return Source(given, tuple(faults))


def from_tree(tree: object, place: str) -> Source:
    """Read a mapping of the fields' names, with the S3 parameters in its section `s3`."""
    if tree is None:
        return Source({})
    if not isinstance(tree, Mapping):
        return Source({}, (f"{place}: should be a mapping of settings",))
    section = tree.get("s3")
    if section is not None and not isinstance(section, Mapping):
        return Source({}, (f"s3 in {place}: should be a mapping of S3 parameters",))
    values = {str(key): value for key, value in tree.items() if key != "s3"}
    values |= {f"s3.{key}": value for key, value in (section or {}).items()}
    return Source(
        {path: Given(f"{path} in {place}", values[path]) for path in values if path in PATHS},
        tuple(unknown(f"{path} in {place}", path, PATHS) for path in values if path not in PATHS),
    )


def from_celery(environ: Mapping[str, str]) -> Source:
    """Refuse the variables by which Celery 5.7 overrides the broker it is given (2026-11)."""
    advice = f"unset it; it would override {PREFIX}BROKER_URL"
    return Source({}, tuple(f"{name}: {advice}" for name in CELERY if environ.get(name)))


def from_registry(environ: Mapping[str, str]) -> Source:
    """Read the registry's own variables as it does, but texts verbatim; it ignores others."""
    names = {path: path.replace("s3.", "REGISTRY_STORAGE_S3_").upper() for path in PATHS}
    return Source(
        {
            path: Given(name, _registry_value(path, environ[name]))
            for path, name in names.items()
            if path.startswith("s3.") and name in environ
        }
    )


def _registry_value(path: str, text: str) -> object:
    if path in TEXTS:
        return text or None
    try:
        return parse_yaml(text)
    except ValueError:
        return text  # no number and no boolean either: the parameter refuses it by name
