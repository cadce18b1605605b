"""
Keys of the customer's own (SSE-C): requests carry names, and the client alone knows the keys.

So no plan, record, message, `repr` or traceback of ours can have one.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import md5
from typing import TYPE_CHECKING, Any, TypedDict

from driver.errors import AccessDenied, Rejected, UnknownCustomerKey, WrongCustomerKey
from driver.locations import Location

if TYPE_CHECKING:
    from pydantic import SecretBytes
    from types_boto3_s3 import S3Client

NO_KEYS: Mapping[str, "SecretBytes"] = {}
"""The keys of a deployment that has none."""

PREFIXES = ("SSECustomer", "CopySourceSSECustomer")


class ObjectKey(TypedDict, total=False):
    """How a request names the customer's key of the object that it reads or writes."""

    SSECustomerAlgorithm: str
    SSECustomerKey: str


class SourceKey(TypedDict, total=False):
    """How a request names the customer's key of the object that it copies."""

    CopySourceSSECustomerAlgorithm: str
    CopySourceSSECustomerKey: str


def key_of(location: Location) -> ObjectKey:
    name = location.customer_key
    return {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": name} if name else {}


def key_of_source(location: Location) -> SourceKey:
    name = location.customer_key
    if not name:
        return {}
    return {"CopySourceSSECustomerAlgorithm": "AES256", "CopySourceSSECustomerKey": name}


def send_keys(client: "S3Client", keys: Mapping[str, "SecretBytes"]) -> None:
    """Have the client send, for the name of a key, the key; `UnknownCustomerKey` if it has none."""

    def resolve(params: dict[str, Any], **_: object) -> None:
        for prefix in PREFIXES:
            if name := params.get(f"{prefix}Key"):
                params.update(_sent(prefix, _found(keys, name)))

    client.meta.events.register("provide-client-params.s3", resolve)


def _found(keys: Mapping[str, "SecretBytes"], name: str) -> bytes:
    if name not in keys:
        raise UnknownCustomerKey(f"no key is called {name}")
    return keys[name].get_secret_value()


def _sent(prefix: str, key: bytes) -> dict[str, str]:
    # botocore would encode it too, but not for ListParts (1.44, 2026-11).
    digest = md5(key, usedforsecurity=False).digest()
    return {f"{prefix}Key": b64encode(key).decode(), f"{prefix}KeyMD5": b64encode(digest).decode()}


@contextmanager
def explained(location: Location) -> Iterator[None]:
    """Say what a customer's key may have to do with a refused HEAD, which tells no reason."""
    name = location.customer_key
    try:
        yield
    except AccessDenied as error:
        if name:
            error.detail += f"; or the object has another customer's key than {name}"
        raise
    except Rejected as error:
        if error.code != "400":
            raise
        if not name:
            error.detail += "; an object with a customer's key (SSE-C) cannot be read without it"
            raise
        raise WrongCustomerKey(
            f"{error.detail}; S3 takes the customer's key {name} for an object that is encrypted "
            "with one, and over HTTPS only",
            operation=error.operation,
            source=str(location),
        ) from error


def check_sealed(location: Location, answer: Mapping[str, Any]) -> None:
    """Raise `WrongCustomerKey` for an object without a customer's key that was named one."""
    # S3 itself refuses such a HEAD; SeaweedFS ignores the key (4.48, 2026-11).
    if location.customer_key and not answer.get("SSECustomerAlgorithm"):
        raise WrongCustomerKey(
            f"it is not encrypted with a customer's key, but {location.customer_key} was named",
            operation="HeadObject",
            source=str(location),
        )
