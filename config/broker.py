"""Which URLs name a broker."""

from urllib.parse import parse_qs, urlsplit

from config.values import ParameterError
from s3mover.broker import read_broker


def check_broker_url(url: str) -> None:
    """Refuse what is no Redis; the text never echoes the URL, it has a password."""
    try:
        read_broker(url)
    except ValueError as error:
        raise ParameterError(f"The broker_url parameter {error}") from None


def with_certificate_check(url: str) -> str:
    """Return the URL as Celery takes it: with TLS, its backend asks for a choice (5.7, 2026-11)."""
    if not url.startswith("rediss://") or "ssl_cert_reqs" in parse_qs(urlsplit(url).query):
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}ssl_cert_reqs=required"
