"""A registry's own configuration as a source: its file, and the variables that override it."""

from collections.abc import Iterable, Mapping, Sequence

from config.cloudfront import CloudFrontSettings
from config.overrides import Document, overridden
from config.s3 import S3Settings
from config.sources import Given, Source

# Sections of distribution's storage map that are no driver, 0d6b721dc3, 2026-08.
_SIBLINGS = frozenset({"cache", "delete", "redirect", "maintenance", "tag"})
_DRIVERS = ("s3", "s3aws")
_MISSPELT = "updatefrenquency"  # distribution's own, which it still takes


def is_registrys(tree: object) -> bool:
    """Tell a registry's configuration from our own YAML by the sections that ours has not."""
    return isinstance(tree, Mapping) and not {"storage", "version", "middleware"}.isdisjoint(tree)


def from_registry(
    environ: Mapping[str, str], file: Document | None = None, *, elsewhere: bool = False
) -> Source:
    """Read the S3 driver and CloudFront as the registry does, texts verbatim; the rest is ignored.

    `elsewhere` tells that other sources give S3 parameters, so that this one need not.
    """
    document = overridden(file or Document(), environ)
    if document.tree is not None and not isinstance(document.tree, Mapping):
        return Source({}, (*document.faults, f"{document.place}: should be a mapping"))
    tree = document.tree or {}
    parts = (
        Source({}, document.faults),
        Source({}, tuple(_version(document, tree))),
        _storage(document, tree.get("storage"), elsewhere=elsewhere),
        _middleware(document, tree.get("middleware")),
    )
    return Source(
        {path: given for part in parts for path, given in part.given.items()},
        tuple(fault for part in parts for fault in part.faults),
    )


def _version(document: Document, tree: Mapping[object, object]) -> Iterable[str]:
    if tree.get("version", "0.1") != "0.1":
        yield f"{document.label('version')}: unsupported version; it should be 0.1"


def _storage(document: Document, storage: object, *, elsewhere: bool) -> Source:
    if isinstance(storage, str):
        storage = {storage: None} if storage else None
    if storage is not None and not isinstance(storage, Mapping):
        return _refused(document, "storage", problem="should be a mapping with one driver")
    storage = storage or {}
    drivers = [key for key in storage if isinstance(key, str) and key not in _SIBLINGS]
    driver = next((name for name in _DRIVERS if name in drivers), None)
    parameters = Source({}) if driver is None else _parameters(document, driver, storage[driver])
    faults = () if elsewhere and not document.place else _wrong(document, drivers)
    if elsewhere and not drivers:
        faults = ()
    return Source(parameters.given, (*faults, *parameters.faults))


def _wrong(document: Document, drivers: Sequence[str]) -> tuple[str, ...]:
    """Say what is wrong with the drivers of the storage section."""
    label = document.label("storage")
    if not drivers:
        missing = f"{label}: no storage configuration provided; it should have the driver s3"
        return (missing,) if document.place else ()
    if len(drivers) > 1:
        provided = " ".join(drivers)
        return (f"{label}: must provide exactly one storage type. Provided: [{provided}]",)
    if drivers[0] not in _DRIVERS:
        return (f"{document.label('storage', drivers[0])}: s3mover needs the storage driver s3",)
    return ()


def _parameters(document: Document, driver: str, parameters: object) -> Source:
    if parameters is not None and not isinstance(parameters, Mapping):
        return _refused(document, "storage", driver, problem="should be a mapping of parameters")
    parameters = parameters or {}
    # What is required is given even where it is missing, so that its fault names the file.
    required = {"region", "bucket"} if document.place else set()
    return Source(
        {
            f"s3.{name}": Given(document.label("storage", driver, name), parameters.get(name))
            for name in S3Settings.model_fields
            if name in parameters or name in required
        }
    )


def _middleware(document: Document, middleware: object) -> Source:
    if middleware is not None and not isinstance(middleware, Mapping):
        return _refused(document, "middleware", problem="should be a mapping")
    entries = (middleware or {}).get("storage") or []
    if not isinstance(entries, list):
        problem = "should be a list of maps with name and options"
        return _refused(document, "middleware", "storage", problem=problem)
    given: dict[str, Given] = {}
    faults: list[str] = []
    for index, entry in enumerate(entries):
        label = document.label("middleware", "storage", index)
        name = entry.get("name") if isinstance(entry, Mapping) else None
        if not isinstance(name, str):
            faults.append(f"{label}: should be a map with name and options")
        elif name != "cloudfront":
            faults.append(f"{label}: no storage middleware registered with name: {name}")
        elif given:
            faults.append(f"{label}: cloudfront is there twice; keep one")
        else:
            options = _options(document, index, entry.get("options"))
            given |= options.given
            faults += options.faults
    return Source(given, tuple(faults))


def _options(document: Document, index: int, options: object) -> Source:
    path = ("middleware", "storage", index, "options")
    if options is not None and not isinstance(options, Mapping):
        return _refused(document, *path, problem="should be a mapping of options")
    options = options or {}
    given = {}
    for name in CloudFrontSettings.model_fields:
        misspelt = name == "updatefrequency" and _MISSPELT in options
        typed = _MISSPELT if misspelt else name
        given[f"cloudfront.{name}"] = Given(document.label(*path, typed), options.get(typed))
    # An empty text, unlike no value, says that there is a CloudFront: its fault is then told.
    if given["cloudfront.baseurl"].value is None:
        given["cloudfront.baseurl"] = Given(given["cloudfront.baseurl"].label, "")
    return Source(given)


def _refused(document: Document, *path: str | int, problem: str) -> Source:
    return Source({}, (f"{document.label(*path)}: {problem}",))
