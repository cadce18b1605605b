"""Integers and booleans are read as Go reads them; what Go refuses is refused in its words."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from config.values import MAX_INT, Boolean, Parameters, Seconds, Secret, Text, integer, parse_int


class Example(Parameters):
    size: Annotated[int, integer(5, 10**6)] = 7
    flag: Boolean = True
    name: Text = "n"
    secret: Secret = SecretStr("s")
    lease: Seconds = 1.5


def fault(**values: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate(values)
    (only,) = caught.value.errors()
    return str(only["ctx"]["error"])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5242880", 5242880),
        ("0x500000", 5242880),
        ("0X1f", 31),
        ("0b101", 5),
        ("0o17", 15),
        ("017", 15),
        ("0_17", 15),
        ("1_000", 1000),
        ("+5", 5),
        ("-017", -15),
        ("00", 0),
        ("0", 0),
    ],
)
def test_the_prefix_of_an_integer_tells_its_base(text: str, number: int) -> None:
    assert parse_int(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "abc", "5MB", " 6", "6\n", "08", "6.0", "1e3", "_6", "6_", "1__0", "0x", "٦", "true"],
)
def test_what_is_no_integer_of_go_is_refused(text: str) -> None:
    assert fault(size=text) == f"size parameter must be an integer, {text} invalid"


@given(st.integers(-MAX_INT - 1, MAX_INT), st.sampled_from(["d", "#x", "#X", "#o", "#b"]))
def test_every_integer_survives_being_written(number: int, base: str) -> None:
    assert parse_int(format(number, base)) == number


@given(st.integers(-MAX_INT - 1, MAX_INT))
def test_a_leading_zero_means_octal(number: int) -> None:
    sign = "-" if number < 0 else ""

    assert parse_int(f"{sign}0{abs(number):o}") == number


@given(st.text())
def test_any_text_is_an_integer_or_refused(text: str) -> None:
    try:
        number = parse_int(text)
    except ValueError:
        return

    assert isinstance(number, int)


@pytest.mark.parametrize(
    ("value", "text"),
    [(5.0, "5.0"), (5.5, "5.5"), (True, "true"), (False, "false"), ([6], "[6]")],
)
def test_only_integers_and_texts_are_integers(value: object, text: str) -> None:
    assert fault(size=value) == f"invalid value for size: {text}"


@pytest.mark.parametrize("value", [4, "4", 10**6 + 1, "0xffffffffff", -6])
def test_an_integer_out_of_range_is_told_the_range(value: object) -> None:
    number = int(str(value), 0)

    assert fault(size=value) == (
        f"The size {number} parameter should be a number between 5 and 1000000 (inclusive)"
    )


@pytest.mark.parametrize("value", [5, "5", 10**6, "1000000"])
def test_the_ends_of_the_range_are_in_it(value: object) -> None:
    assert Example.model_validate({"size": value}).size == int(str(value))


@pytest.mark.parametrize("word", ["1", "t", "T", "TRUE", "true", "True", "yes", "on"])
def test_the_words_that_are_true(word: str) -> None:
    assert Example.model_validate({"flag": word}).flag is True


@pytest.mark.parametrize("word", ["0", "f", "F", "FALSE", "false", "False", "no", "off"])
def test_the_words_that_are_false(word: str) -> None:
    assert Example.model_validate({"flag": word}).flag is False


@pytest.mark.parametrize("value", ["yEs", "nope", "", "tRUE", " true", 1, 0, 1.0, []])
def test_no_other_value_is_a_boolean(value: object) -> None:
    assert fault(flag=value) == "The flag parameter should be a boolean"


@given(st.booleans(), st.sampled_from([bool, str, lambda flag: str(flag).lower(), "{:d}".format]))
def test_every_boolean_survives_being_written(flag: bool, write: object) -> None:  # noqa: FBT001  # hypothesis passes it
    assert callable(write)

    assert Example.model_validate({"flag": write(flag)}).flag is flag


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_a_text_stays_as_it_is(text: str) -> None:
    example = Example.model_validate({"name": text, "secret": text})

    assert (example.name, example.secret.get_secret_value()) == (text, text)


def test_an_integer_given_for_a_text_is_written_out() -> None:
    assert Example.model_validate({"name": 123}).name == "123"


@pytest.mark.parametrize("value", [True, 1e5, ["a"], {"a": "b"}])
def test_a_text_that_was_changed_on_the_way_is_refused(value: object) -> None:
    text = "The name parameter should be a string; put the value in quotes"

    assert fault(name=value) == text


@pytest.mark.parametrize(("value", "seconds"), [("30", 30), ("0.5", 0.5), (2, 2), (1.5, 1.5)])
def test_seconds_may_have_a_fraction(value: object, seconds: float) -> None:
    assert Example.model_validate({"lease": value}).lease == seconds


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "30s", "", True, [], 10**400])
def test_seconds_are_finite_and_above_zero(value: object) -> None:
    assert "The lease parameter should be a number of seconds above 0" in fault(lease=value)


def test_nothing_means_the_default() -> None:
    nothing = dict.fromkeys(Example.model_fields)

    assert Example.model_validate(nothing) == Example()
