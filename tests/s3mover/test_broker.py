"""What a broker's URL says, in kombu's form for Sentinels and with the primary's name in it."""

import pytest
from kombu import Connection
from kombu.utils.url import maybe_sanitize_url

from s3mover import InvalidBroker, Mover
from s3mover.broker import read_broker, with_sentinels

URL = "sentinel://anna:p%40ss@h1:1;sentinel://h2;sentinel://[::1]:3/7?master_name=moves"


def test_a_plain_url_stays_as_it_is() -> None:
    broker = read_broker("rediss://:x@r:1/2?ssl_ca_certs=/ca")

    assert (broker.url, broker.sentinels) == ("rediss://:x@r:1/2?ssl_ca_certs=/ca", ())
    assert broker.backend == broker.alternatives == broker.url


def test_sentinels_share_one_login_and_one_database_wherever_they_are_written() -> None:
    broker = read_broker(URL)

    assert broker.sentinels == (("h1", 1), ("h2", 26379), ("::1", 3))
    assert (broker.master_name, broker.database) == ("moves", 7)
    assert broker.login == {"username": "anna", "password": "p@ss"}
    assert read_broker("sentinel://h1:1/7?master_name=m;sentinel://h2").database == 7


def test_the_sentinels_own_password_is_not_the_primary_s() -> None:
    broker = read_broker("sentinel://h1?master_name=m&sentinel_password=a%26b")

    assert (broker.login, broker.sentinel_login) == ({}, {"password": "a&b"})


def test_kombu_is_given_the_login_with_each_sentinel() -> None:
    """It may switch to any of them, and looks at that one alone."""
    first, *others = read_broker(URL).alternatives.split(";")

    assert first == "sentinel://anna:p%40ss@h1:1/7"
    for url in others:
        connection = Connection(url)
        seen = connection.userid, connection.password, connection.virtual_host
        assert seen == ("anna", "p@ss", "7")


def test_what_celery_shows_of_its_urls_has_no_password() -> None:
    broker = read_broker(URL)

    shown = maybe_sanitize_url(broker.url) + maybe_sanitize_url(broker.backend)

    assert "p%40ss" in broker.url
    assert "ss@" not in shown
    assert "p%40ss" not in repr(broker) + shown
    assert "p@ss" not in repr(broker) + shown


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("sentinel://h1/0", "must name the primary"),
        ("sentinel://h1;h2/0?master_name=m", "before each host"),
        ("sentinel:///0?master_name=m", "without a host"),
        ("sentinel://h1/0;sentinel://h2/1?master_name=m", "more than one path"),
        ("sentinel://:s3cret@h1;sentinel://:other@h2?master_name=m", "more than one password"),
        ("sentinel://h1/first?master_name=m", "the number of a database"),
        ("sentinel://h1/0?master_name=m&ssl_ca_certs=/s3cret", "an option that Sentinels do not"),
        ("sentinel://h1:port/0?master_name=m", "invalid host or port"),
    ],
)
def test_what_is_wrong_is_said_and_not_shown(url: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as caught:
        read_broker(url)

    assert "s3cret" not in str(caught.value)


def test_a_celery_app_s_settings_become_one_url() -> None:
    options = {
        "master_name": "moves",
        "sentinels": (("h1", 1), ("h2", 2)),
        "sentinel_kwargs": {"password": "a&b", "socket_timeout": 2},
    }

    broker = read_broker(with_sentinels("sentinel://:p%40ss@h1:1/7", options))

    assert broker.sentinels == (("h1", 1), ("h2", 2))
    assert (broker.master_name, broker.database) == ("moves", 7)
    assert (broker.login, broker.sentinel_login) == ({"password": "p@ss"}, {"password": "a&b"})
    assert with_sentinels("redis://r/0", {}) == "redis://r/0"


@pytest.mark.parametrize(
    "url", ["redis://r/0?db=3", "redis://r?socket_timeout=5", "redis://r/0?ssl_cert_reqs=none"]
)
def test_an_option_that_kombu_or_redis_py_takes_not_is_named_before_they_fail(url: str) -> None:
    with pytest.raises(InvalidBroker, match="option that it does not take"):
        Mover(url)
