"""What a source says, once it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from config.names import OTHERS, PATHS, PREFIX, SECTIONS, TEXTS, VARIABLES, unknown

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
        elif name.upper().startswith(PREFIX) and name.upper() not in OTHERS:
            faults.append(unknown(label(name), name.upper(), VARIABLES))
    return Source(given, tuple(faults))


def from_tree(tree: object, place: str) -> Source:
    """Read a mapping of the fields' names, with sections such as `s3` in it."""
    if tree is None:
        return Source({})
    if not isinstance(tree, Mapping):
        return Source({}, (f"{place}: should be a mapping of settings",))
    values, faults = {}, []
    for key, value in tree.items():
        if key not in SECTIONS:
            values[str(key)] = value
        elif isinstance(value, Mapping):
            values |= {f"{key}.{name}": inner for name, inner in value.items()}
        elif value is not None:
            faults.append(f"{key} in {place}: should be a mapping of {key} parameters")
    faults += [unknown(f"{path} in {place}", path, PATHS) for path in values if path not in PATHS]
    return Source(
        {path: Given(f"{path} in {place}", values[path]) for path in values if path in PATHS},
        tuple(faults),
    )


def from_celery(environ: Mapping[str, str]) -> Source:
    """Refuse the variables by which Celery 5.7 overrides the broker it is given (2026-11)."""
    advice = f"unset it; it would override {PREFIX}BROKER_URL"
    return Source({}, tuple(f"{name}: {advice}" for name in CELERY if environ.get(name)))
