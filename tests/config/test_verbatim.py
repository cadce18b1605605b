"""YAML keeps what was typed, and its faults quote none of it."""

import pytest

from config.verbatim import parse_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0123", "0123"),
        ("1e5", "1e5"),
        ("0x500000", "0x500000"),
        ("2026-11-24", "2026-11-24"),
        ("12:30:45", "12:30:45"),
        ("true", "true"),
        ("off", "off"),
        ("'off'", "off"),
        ("", None),
        ("~", None),
        ("[a, 1]", ["a", "1"]),
    ],
)
def test_words_stay_as_they_were_typed(text: str, value: object) -> None:
    assert parse_yaml(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "key: *hunter2",
        "key: !hunter2 x",
        "key: [hunter2",
        "!!int hu",
        "!!bool hu",
        "!!timestamp hu",
        "!!int",
    ],
)
def test_a_fault_tells_the_place_and_not_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="not valid YAML") as caught:
        parse_yaml(text)

    assert "hu" not in str(caught.value)
    assert caught.value.__context__ is None


def test_yaml_that_is_too_deep_is_refused() -> None:
    with pytest.raises(ValueError, match="not valid YAML"):
        parse_yaml("[" * 5000)
