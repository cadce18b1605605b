"""`rediss://`: client, worker and beat reach Redis through TLS, and check who answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from s3mover import BrokerUnavailable, Mover
from tests.process.rig import Rig
from tests.process.tls import HOST, TlsRelay, certify
from worker.fleet import SeaweedFS, Valkey


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def relay(directory: Path) -> Iterator[TlsRelay]:
    with Valkey() as valkey, TlsRelay(valkey.port, *certify(directory)) as relay:
        yield relay


def url(relay: TlsRelay, options: str) -> str:
    return f"rediss://{HOST}:{relay.port}/0{options}"


@pytest.mark.parametrize("check", ["", "&ssl_cert_reqs=required"])
def test_a_move_goes_through_tls(
    seaweedfs: SeaweedFS, relay: TlsRelay, directory: Path, check: str
) -> None:
    broker = url(relay, f"?ssl_ca_certs={directory}/ca.pem{check}")
    settings = {"broker_url": broker}
    with Rig(seaweedfs, workers=1, threads=4, beat=False, settings=settings) as rig:
        rig.mover = Mover(broker)
        goods = rig.put(parts=2)

        rig.assert_moved(goods, rig.wait(rig.move(goods)))

        # All of it went there: nothing is in the fleet's own Redis.
        assert rig.redis.dbsize() == 0


def test_a_server_that_nobody_vouches_for_is_not_trusted(relay: TlsRelay) -> None:
    with pytest.raises(BrokerUnavailable, match=r"(?i)certificate"):
        Mover(url(relay, "")).list()
