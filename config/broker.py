"""Which URLs name a broker."""

from urllib.parse import parse_qs, urlsplit

from config.values import ParameterError

SCHEMES = ("redis://", "rediss://")


def check_broker_url(url: str) -> None:
    """Refuse what is not one Redis; the text never echoes the URL, it has a password."""
    if not url.startswith(SCHEMES) or ";" in url:
        raise ParameterError(
            f"The broker_url parameter must be one URL that starts with {' or '.join(SCHEMES)}"
        )
    try:
        _ = urlsplit(url).port
    except ValueError:
        raise ParameterError(
            "The broker_url parameter has an invalid host or port; "
            "percent-encode special characters of the password"
        ) from None


def with_certificate_check(url: str) -> str:
    """Return the URL as Celery takes it: with TLS, its backend asks for a choice (5.7, 2026-11)."""
    if not url.startswith("rediss://") or "ssl_cert_reqs" in parse_qs(urlsplit(url).query):
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}ssl_cert_reqs=required"
