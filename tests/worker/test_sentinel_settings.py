"""What Celery is told of Sentinels, and what it shows of that."""

from typing import Any

from celery import Celery
from kombu import Connection

from config import load
from worker.app import configuration
from worker.transport import SentinelChannel

PASSWORDS = ("hunter2", "swordfish")
URL = "sentinel://:hunter2@one;sentinel://two/3?master_name=moves&sentinel_password=swordfish"


def settings_of(url: str) -> Celery:
    given = {"S3MOVER_BROKER_URL": url, "S3MOVER_S3_REGION": "eu-west-1", "S3MOVER_S3_BUCKET": "b"}
    app = Celery(set_as_current=False)
    app.conf.update(configuration(load(given)))
    return app


def test_flower_and_the_report_are_shown_no_password() -> None:
    app = settings_of(URL)

    shown = repr(app.conf.table(with_defaults=True)) + app.bugreport()
    with app.connection_for_write() as connection:
        shown += connection.as_uri() + repr(connection)
    shown += app.backend.as_uri()

    assert "sentinel" in shown
    assert not [password for password in PASSWORDS if password in shown]


def test_broker_and_backend_ask_all_sentinels_for_the_same_primary() -> None:
    app = settings_of(URL)

    options = app.conf.broker_transport_options
    backend: Any = app.backend

    assert options["sentinels"] == (("one", 26379), ("two", 26379))
    assert options["master_name"] == backend._transport_options["master_name"] == "moves"
    assert options["sentinel_kwargs"]["password"] == "swordfish"
    given = backend.connparams
    assert [host["host"] for host in given["hosts"]] == ["one", "two"]
    assert (given["db"], given["password"]) == (3, "hunter2")


def test_a_lost_connection_does_not_lead_to_kombu_s_unguarded_transport() -> None:
    with settings_of(URL).connection_for_write() as connection:
        assert isinstance(connection, Connection)
        connection.maybe_switch_next()

        assert connection.transport_cls == "worker.transport:SentinelTransport"
        transport: Any = connection.get_transport_cls()
        assert transport.Channel is SentinelChannel


def test_one_server_has_nothing_of_sentinels() -> None:
    conf = settings_of("redis://r/0").conf

    assert conf.broker_transport == "worker.transport:Transport"
    assert "master_name" not in conf.broker_transport_options
