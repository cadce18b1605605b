import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from driver import ip_refresh
from driver.ip_refresh import RefreshedRanges, fetch

NEVER = timedelta.max
AT_ONCE = timedelta(microseconds=1)

FIRST = json.dumps({"prefixes": [{"ip_prefix": "192.0.2.0/24", "region": "EU-West-1"}]})
SECOND = json.dumps({"prefixes": [{"ip_prefix": "198.51.100.0/24", "region": "us-east-1"}]})


@pytest.fixture
def url(stub: Any) -> str:
    return f"http://127.0.0.1:{stub.server_port}/ip-ranges.json"


def wait_until_read_again(stub: Any, times: int = 2) -> None:
    """Return when what was served before this call was read: the thread asks one at a time."""
    asked = len(stub.requests)
    while len(stub.requests) < asked + times:
        time.sleep(0.001)


def test_the_ranges_are_there_when_it_is_made(stub: Any, url: str) -> None:
    stub.answer(body=FIRST)

    with closing(RefreshedRanges(url, NEVER, ())) as ranges:
        assert "192.0.2.1" in ranges
        assert "198.51.100.1" not in ranges
    assert [request.path for request in stub.requests] == ["/ip-ranges.json"]


def test_only_the_regions_asked_for_count(stub: Any, url: str) -> None:
    stub.answer(body=FIRST)

    with (
        closing(RefreshedRanges(url, NEVER, ("eu-west-1",))) as there,
        closing(RefreshedRanges(url, NEVER, ("us-east-1",))) as elsewhere,
    ):
        assert "192.0.2.1" in there
        assert "192.0.2.1" not in elsewhere


def test_a_region_without_networks_is_a_warning(
    stub: Any, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    stub.answer(body=FIRST)

    RefreshedRanges(url, NEVER, ("eu-wset-1",)).close()

    assert "check awsregion" in caplog.text


def test_the_ranges_follow_the_document(stub: Any, url: str) -> None:
    stub.answer(body=FIRST)
    stub.answer(body=SECOND)

    with closing(RefreshedRanges(url, AT_ONCE, ())) as ranges:
        wait_until_read_again(stub)
        assert "198.51.100.1" in ranges
        assert "192.0.2.1" not in ranges


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, ""), (404, FIRST), (200, ""), (200, "{}"), (200, FIRST[:-1]), (200, "[" * 100_000)],
)
def test_what_cannot_be_read_is_a_warning_and_the_former_ranges_stay(
    stub: Any, url: str, status: int, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    stub.answer(body=FIRST)
    stub.answer(status, body)

    with closing(RefreshedRanges(url, AT_ONCE, ())) as ranges:
        wait_until_read_again(stub)
        assert "192.0.2.1" in ranges
    assert "iprangesurl was not read, the former ranges stay" in caplog.text


def test_after_a_failed_start_no_address_is_inside_until_a_read_succeeds(
    stub: Any, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    stub.answer(503)

    with closing(RefreshedRanges(url, AT_ONCE, ())) as ranges:
        assert "192.0.2.1" not in ranges
        assert "all clients get CloudFront's URLs" in caplog.text
        stub.answers.append(stub.answers[0])
        stub.answers[-1] = type(stub.answers[0])(200, FIRST)
        wait_until_read_again(stub, times=3)
        assert "192.0.2.1" in ranges


def test_nobody_at_the_url_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with closing(RefreshedRanges("http://127.0.0.1:1/", NEVER, ())) as ranges:
        assert "192.0.2.1" not in ranges
    assert "refused" in caplog.text


def test_a_password_in_the_url_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    RefreshedRanges("http://me:hunter2@127.0.0.1:1/", NEVER, ()).close()

    assert "hunter2" not in caplog.text


def test_close_ends_the_thread_and_keeps_the_ranges(stub: Any, url: str) -> None:
    stub.answer(body=FIRST)
    ranges = RefreshedRanges(url, AT_ONCE, ())

    ranges.close()
    ranges.close()

    ranges._thread.join(30)
    assert not ranges._thread.is_alive()
    assert "192.0.2.1" in ranges


def test_the_thread_does_not_keep_a_process_alive(stub: Any, url: str) -> None:
    stub.answer(body=FIRST)

    with closing(RefreshedRanges(url, NEVER, ())) as ranges:
        assert ranges._thread.daemon


def test_32_threads_may_ask_while_the_ranges_change(stub: Any, url: str) -> None:
    both = json.dumps({"prefixes": json.loads(FIRST)["prefixes"] + json.loads(SECOND)["prefixes"]})
    for body in [FIRST, both] * 500:
        stub.answer(body=body)

    def ask(_: int) -> bool:
        return all("192.0.2.1" in ranges and "203.0.113.1" not in ranges for _ in range(1000))

    with closing(RefreshedRanges(url, AT_ONCE, ())) as ranges, ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(ask, range(32)))

    assert all(answers)
    assert len(stub.requests) > 1


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/", "data:,{}"])
def test_only_http_is_read(url: str) -> None:
    with pytest.raises(OSError, match="unknown url type"):
        fetch(url)


def test_a_redirect_leads_to_http_only(stub: Any, url: str) -> None:
    stub.answer(302, Location="ftp://127.0.0.1/ip-ranges.json")

    with pytest.raises(OSError, match="unknown url type: ftp"):
        fetch(url)


def test_a_redirect_is_followed(stub: Any, url: str) -> None:
    stub.answer(302, Location="/elsewhere.json")
    stub.answer(body=FIRST)

    assert fetch(url) == FIRST.encode()
    assert [request.path for request in stub.requests] == ["/ip-ranges.json", "/elsewhere.json"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(ip_refresh, "MAX_SIZE", 1000)
    return 1000


def test_a_document_of_the_largest_size_is_read(stub: Any, url: str, small: int) -> None:
    stub.answer(body="x" * small)

    assert len(fetch(url)) == small


def test_a_larger_document_is_refused(stub: Any, url: str, small: int) -> None:
    stub.answer(body="x" * (small + 1))

    with pytest.raises(ValueError, match="larger than 1000 bytes"):
        fetch(url)


def test_a_driver_does_not_wait_for_ever_for_the_ranges(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ip_refresh, "DEADLINE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/ip-ranges.json"

        with closing(RefreshedRanges(url, NEVER, ())) as ranges:
            assert "192.0.2.1" not in ranges

    assert "not read yet" in caplog.text


def test_a_document_that_comes_too_slowly_is_refused(
    stub: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ip_refresh, "DEADLINE", -1)
    stub.answer(body=FIRST)

    with pytest.raises(TimeoutError, match="seconds"):
        fetch(url)
