"""The stores that keep the contract, and what each of them cannot do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Store:
    """A kind of store; the defaults are what Amazon S3 does."""

    name: str
    rooted: bool = False
    """Whether the driver's files are below a root directory."""
    urls: bool = True
    byte_order: bool = True
    """Whether keys are listed by their bytes: `/a-x` before `/a/b`."""
    dot_names: bool = True
    """Whether `.` and `..` are names like others."""
    forgets_directories: bool = True
    """Whether a directory is gone with its last file."""
    dates_uploads: bool = True
    """Whether it tells which of two uploads of one second is the newer one."""


MEMORY = Store("memory", urls=False)
MOTO = Store("moto")
_SEAWEEDFS = {  # 4.48, 2026-11: keys are paths of a file system
    "byte_order": False,
    "dot_names": False,
    "forgets_directories": False,
    "dates_uploads": False,
}
SEAWEEDFS = Store("seaweedfs", rooted=True, **_SEAWEEDFS)
SEAWEEDFS_ROOTLESS = Store("seaweedfs", **_SEAWEEDFS)

STORES = (MEMORY, MOTO, SEAWEEDFS)
ALL_ROOTS = (*STORES, SEAWEEDFS_ROOTLESS)
FAST = (MEMORY, MOTO)
ON_S3 = (MOTO, SEAWEEDFS)
WITH_URLS = tuple(store for store in ALL_ROOTS if store.urls)
WITHOUT_URLS = tuple(store for store in ALL_ROOTS if not store.urls)
WITH_BYTE_ORDER = tuple(store for store in STORES if store.byte_order)
WITH_DOT_NAMES = tuple(store for store in STORES if store.dot_names)


def id_of(store: Store) -> str:
    return f"{store.name}-rooted" if store.rooted else store.name
