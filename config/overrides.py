"""How the registry's variables change what its file says, by the registry's own rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from config.names import TEXTS
from config.verbatim import parse_yaml

PREFIX = "REGISTRY_"

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML file says, and which variables changed it; no place means no file."""

    tree: object = field(default=None, repr=False)  # may have secrets
    place: str = ""
    faults: tuple[str, ...] = ()
    origins: Mapping[Path, str] = field(default_factory=dict)

    def label(self, *path: str | int) -> str:
        """Tell how the user typed what is at `path`."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.origins:
                return self.origins[path[:end]]
        if not self.place:
            return PREFIX + "_".join(map(str, path)).upper()
        dotted = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        return f"{dotted.removeprefix('.')} in {self.place}"


def overridden(document: Document, environ: Mapping[str, str]) -> Document:
    """Return the document with the variables of its storage and middleware put into it.

    The rules: distribution's configuration/parser.go, 2026-11. Names are taken in lexical
    order, so that REGISTRY_STORAGE acts before REGISTRY_STORAGE_S3_BUCKET.
    """
    tree, origins, faults = document.tree, dict(document.origins), list(document.faults)
    for name in sorted(environ):
        segments = name.removeprefix(PREFIX).split("_")
        if not name.startswith(PREFIX) or segments[0] not in {"STORAGE", "MIDDLEWARE"}:
            continue
        try:
            value = _value([segment.lower() for segment in segments], environ[name])
            tree, path = _put(tree, segments, value)
        except ValueError as error:
            faults.append(f"{name}: {error}")
        else:
            origins = {key: origin for key, origin in origins.items() if key[: len(path)] != path}
            origins[path] = name
    return Document(tree, document.place, tuple(faults), origins)


def _value(path: Sequence[str], text: str) -> object:
    """Read a variable as YAML, but what should be a text as it is."""
    match path:
        case ["storage", "s3" | "s3aws", name] if f"s3.{name}" in TEXTS:
            return text or None
        case ["middleware", "storage", _, "options", _]:
            return text or None
        case ["storage", "s3" | "s3aws", _]:
            try:
                return parse_yaml(text)
            except ValueError:
                return text  # no number and no boolean: the parameter refuses it by name
        case _:
            return parse_yaml(text)


def _put(
    tree: object, segments: Sequence[str], value: object, at: Path = ()
) -> tuple[object, Path]:
    """Return the tree with the value in it, and where; what YAML aliases share stays as it is."""
    if not segments:
        return value, at
    if tree is None:
        tree = [] if _is_list(at) else {}
    elif at == ("storage",) and isinstance(tree, str):
        tree = {tree: None}  # `storage: s3` is short for a driver without parameters
    if isinstance(tree, list):
        index = _index(segments[0], len(tree))
        inner = tree[index] if index < len(tree) else None
        inner, path = _put(inner, segments[1:], value, (*at, index))
        return [*tree[:index], inner, *tree[index + 1 :]], path
    if not isinstance(tree, Mapping):
        return tree, at  # the registry passes over a name that leads below a text
    key = _key(tree, segments)
    inner, path = _put(tree.get(key), segments[1:], value, (*at, key))
    return {**tree, key: inner}, path


def _is_list(at: Path) -> bool:
    """Tell whether the registry keeps a list there: its middleware is one a kind."""
    return len(at) == len(("middleware", "storage")) and at[0] == "middleware"


def _index(segment: str, length: int) -> int:
    if not (segment.isascii() and segment.isdecimal()):
        raise ValueError(f"non-numeric index: {segment}; a list is counted from 0")
    if int(segment) > length:
        raise ValueError(f"undefined index: {segment}; the next of the list is {length}")
    return int(segment)


def _key(tree: Mapping[object, object], segments: Sequence[str]) -> str:
    """Return the key that a name goes through in any case, or the new one, in lower case."""
    if len(segments) > 1:
        for key, inner in tree.items():
            if isinstance(key, str) and key.upper() == segments[0] and inner is not None:
                return key
    return segments[0].lower()
