"""How a setting is called: by its path, and by its variable."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, SecretStr

from config.cloudfront import CloudFrontSettings
from config.s3 import S3Settings
from config.settings import Settings

PREFIX = "S3MOVER_"

#: Where further sources are; given by a variable, but not settings themselves.
PLACES = frozenset({"config", "secrets_dir"})

#: Variables of `s3mover web`, which may share an environment with workers.
OTHERS = frozenset({"S3MOVER_WEB_TOKEN"})

#: The settings that have settings of their own.
SECTIONS: Mapping[str, type[BaseModel]] = {"s3": S3Settings, "cloudfront": CloudFrontSettings}

_FIELDS = {name: field for name, field in Settings.model_fields.items() if name not in SECTIONS} | {
    f"{section}.{name}": field
    for section, model in SECTIONS.items()
    for name, field in model.model_fields.items()
}

#: The path of every setting, such as `broker_url` and `s3.bucket`.
PATHS = frozenset(_FIELDS)

#: The settings that may be an empty text; an empty variable of the others means the default.
TEXTS = frozenset(
    path
    for path, field in _FIELDS.items()
    if isinstance(field.default, str | SecretStr) and not path.startswith("cloudfront.")
)


def variable(path: str) -> str:
    """Return the variable of the setting at `path`."""
    return PREFIX + path.replace(".", "_").upper()


#: The path that each variable gives.
VARIABLES = {variable(path): path for path in sorted(PATHS | PLACES)}


def unknown(label: str, name: str, known: Iterable[str]) -> str:
    """Say that `label` is no setting, and which of `known` is closest to `name`."""
    # Without the prefix, which would make every two variables look alike.
    tails = {other.removeprefix(PREFIX): other for other in known}
    close = get_close_matches(name.removeprefix(PREFIX), tails, n=1)
    advice = f"did you mean {tails[close[0]]}?" if close else "remove it"
    return f"{label}: unknown setting, {advice}"
