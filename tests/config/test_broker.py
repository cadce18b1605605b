"""How Celery is told of the broker."""

import pytest

from config.broker import with_certificate_check


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://r/0", "redis://r/0"),
        ("rediss://r", "rediss://r?ssl_cert_reqs=required"),
        (
            "rediss://u:p@r:1/0?ssl_ca_certs=/ca",
            "rediss://u:p@r:1/0?ssl_ca_certs=/ca&ssl_cert_reqs=required",
        ),
        ("rediss://r/0?ssl_cert_reqs=none", "rediss://r/0?ssl_cert_reqs=none"),
    ],
)
def test_a_certificate_is_checked_unless_the_url_says_otherwise(url: str, expected: str) -> None:
    assert with_certificate_check(url) == expected
