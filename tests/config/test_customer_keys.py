"""The keys of customers: named, of one size, and never shown."""

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from config import Settings, SettingsError, load

Loaded = Callable[..., Settings]
Faults = Callable[..., list[str]]

ONE, TWO = bytes(range(32)), b"\xff" * 32
ONE64, TWO64 = (b64encode(key).decode() for key in (ONE, TWO))


def bad_value(number: int) -> str:
    return (
        f"The value of key {number} in customer_keys should be base64 of exactly 32 bytes, "
        "as `openssl rand -base64 32` prints"
    )


def keys_of(settings: Settings) -> dict[str, bytes]:
    return {name: key.get_secret_value() for name, key in settings.customer_keys.items()}


@pytest.mark.parametrize(
    "text",
    [
        f"one={ONE64},two-2={TWO64}",
        f" one = {ONE64} ,\n two-2={TWO64}, ",
        json.dumps({"one": ONE64, "two-2": TWO64}),
    ],
)
def test_keys_are_pairs_or_a_json_object(loaded: Loaded, text: str) -> None:
    assert keys_of(loaded(CUSTOMER_KEYS=text)) == {"one": ONE, "two-2": TWO}


@pytest.mark.parametrize("text", ["", " ", ","])
def test_no_keys_are_none(loaded: Loaded, text: str) -> None:
    assert loaded(CUSTOMER_KEYS=text).customer_keys == {}


def test_a_file_of_the_secrets_directory_or_yaml_may_have_them(
    needed: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "S3MOVER_CUSTOMER_KEYS").write_text(f"one={ONE64}\n")
    (tmp_path / "s3mover.yml").write_text(f"customer_keys:\n  two: {TWO64}")

    secrets = load(needed | {"S3MOVER_SECRETS_DIR": str(tmp_path)})
    yaml = load(needed | {"S3MOVER_CONFIG": str(tmp_path / "s3mover.yml")})

    assert keys_of(secrets) == {"one": ONE}
    assert keys_of(yaml) == {"two": TWO}


def test_the_settings_show_no_key(loaded: Loaded) -> None:
    given = loaded(CUSTOMER_KEYS=f"one={ONE64}")

    for shown in (repr(given), str(given), given.model_dump_json(), str(given.model_dump())):
        assert "one" in shown
        assert not [secret for secret in (ONE64, ONE.hex(), repr(ONE)[2:-1]) if secret in shown]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"one={ONE64[:-1]}", bad_value(1)),
        (f"a={ONE64},one={b64encode(ONE[1:]).decode()}", bad_value(2)),
        (f"one={ONE.hex()}", bad_value(1)),
        ("hunter2hunter2hunter2hunter2hunt", bad_value(1)),
        ('{"one": 1}', bad_value(1)),
        ("one=\u0661", bad_value(1)),
        (f"one={ONE64},one={TWO64}", "The name of key 2 in customer_keys is given twice"),
        ('{"one": ', "The customer_keys parameter is not valid JSON"),
    ],
)
def test_what_is_no_named_key_is_refused_without_showing_it(
    faults: Faults, text: str, problem: str
) -> None:
    assert faults(CUSTOMER_KEYS=text) == [f"S3MOVER_CUSTOMER_KEYS: {problem}"]


@pytest.mark.parametrize("name", [ONE64.rstrip("="), ONE.hex(), "a b", "", "-a", "é", "a" * 33])
def test_a_name_can_be_no_key(faults: Faults, name: str) -> None:
    """Whoever forgets the name has the key where the name should be."""
    (only,) = faults(CUSTOMER_KEYS=f"{name}={ONE64}")

    assert only.startswith("S3MOVER_CUSTOMER_KEYS: The name of key 1 in customer_keys should have")
    assert ONE64.rstrip("=") not in only
    assert ONE.hex() not in only


def test_a_list_in_a_file_is_no_pair(needed: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "s3mover.yml"
    file.write_text("customer_keys: [hunter2]")

    with pytest.raises(SettingsError, match="name of key 1") as caught:
        load(needed | {"S3MOVER_CONFIG": str(file)})

    assert "hunter2" not in str(caught.value)
