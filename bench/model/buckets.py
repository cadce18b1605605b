"""Requests on a bucket as such."""

from bench.model.answers import answer, document
from bench.model.request import Request
from bench.model.store import Store


def create_bucket(store: Store, request: Request) -> bytes:
    """Create it; one that is there already is fine, as in us-east-1."""
    store.create(request.bucket)
    return answer(200, fields=f"Location: /{request.bucket}\r\n")


def head_bucket(store: Store, request: Request) -> bytes:
    store.objects(request.bucket)
    return answer(200, fields="x-amz-bucket-region: us-east-1\r\n")


def get_versioning(store: Store, request: Request) -> bytes:
    """Answer that it keeps no versions."""
    store.objects(request.bucket)
    return document("VersioningConfiguration", "")
