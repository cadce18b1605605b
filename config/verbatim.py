"""YAML whose words stay as they were typed: `accesskey: 0123` is the text 0123, `on` is on."""

from typing import ClassVar

import yaml

_CHANGED = {f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float", "timestamp")}


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar = {  # type: ignore[misc]  # PyYAML's is one of the class too
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _CHANGED]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def parse_yaml(text: str) -> object:
    """Read `text`; a ValueError says where it is wrong, and never quotes it (it has secrets)."""
    try:
        content: object = _Loader(text).get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError, LookupError, AttributeError) as error:
        # The last two: PyYAML's own of `!!bool maybe` and the like (6.0, 2026-11).
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    else:
        return content
    raise ValueError(f"not valid YAML{place}")
