"""How a value is read: strictly, and refused in the registry's words."""

import re
from functools import partial
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticUseDefault

MAX_INT = 2**63 - 1  # Go's int64, the registry's largest number

# Go's ParseBool, and YAML 1.1's words, which the registry's file may have.
_TRUE = frozenset(["1", "t", "T", "TRUE", "true", "True", "yes", "Yes", "YES", "on", "On", "ON"])
_FALSE = frozenset(
    ["0", "f", "F", "FALSE", "false", "False", "no", "No", "NO", "off", "Off", "OFF"]
)
_CONTROLS = frozenset({*map(chr, range(32)), "\x7f"}) - {"\t"}
_OLD_OCTAL = re.compile(r"[+-]?0[0-9_]")


class ParameterError(ValueError):
    """A value that a parameter cannot take; the text never holds a secret."""


class Parameters(BaseModel):
    """A frozen group of parameters; no value (None) means the default."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _nothing_means_the_default(cls, value: object) -> object:
        if value is None:
            raise PydanticUseDefault
        return value


def parse_int(text: str) -> int:
    """Read `text` as Go's ParseInt with base 0: 0x, 0o, 0b or a leading 0 set the base."""
    if not text.isascii() or text != text.strip():
        raise ValueError
    return int(text, 8 if _OLD_OCTAL.match(text) else 0)


def integer(minimum: int, maximum: int = MAX_INT, word: str = "") -> BeforeValidator:
    """Accept an int, or a string that `parse_int` reads, from minimum to maximum; or a word."""
    # A partial, whose bounds can be read: the documentation's table is made of them.
    return BeforeValidator(partial(_integer, minimum=minimum, maximum=maximum, word=word))


def _integer(
    value: object, info: ValidationInfo, *, minimum: int, maximum: int, word: str
) -> int | str:
    if word and isinstance(value, str) and value.lower() == word:
        return word
    name = info.field_name
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ParameterError(f"invalid value for {name}: {_shown(value)}")
    try:
        number = parse_int(value) if isinstance(value, str) else value
    except ValueError:
        text = f"{name} parameter must be an integer, {value} invalid"
        raise ParameterError(text) from None
    if not minimum <= number <= maximum:
        raise ParameterError(
            f"The {name} {number} parameter should be a number "
            f"between {minimum} and {maximum} (inclusive)"
        )
    return number


def _boolean(value: object, info: ValidationInfo) -> bool:
    """Accept a bool, or a word for one."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TRUE | _FALSE:
        return value in _TRUE
    raise ParameterError(f"The {info.field_name} parameter should be a boolean")


def _text(value: object, info: ValidationInfo) -> object:
    """Accept a string as it is; a bool or float has lost what the user typed."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str | SecretStr):
        text = value if isinstance(value, str) else value.get_secret_value()
        text = text.rstrip("\r\n")  # of a file; it is never meant
        # They would end a header, and the error of the HTTP client would quote it.
        if not _CONTROLS.isdisjoint(text):
            raise ParameterError(
                f"The {info.field_name} parameter must not have control characters, "
                "such as line breaks"
            )
        return text if isinstance(value, str) else SecretStr(text)
    raise ParameterError(
        f"The {info.field_name} parameter should be a string; put the value in quotes"
    )


def _seconds(value: object, info: ValidationInfo) -> float:
    """Accept a positive number, or a string of one."""
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        number = 0.0
    if isinstance(value, bool) or not 0 < number <= MAX_INT:
        raise ParameterError(
            f"The {info.field_name} parameter should be a number of seconds above 0, "
            f"{_shown(value)} invalid"
        )
    return number


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


Boolean = Annotated[bool, BeforeValidator(_boolean)]
OptionalBoolean = Annotated[bool | None, BeforeValidator(_boolean)]
Text = Annotated[str, BeforeValidator(_text)]
Secret = Annotated[SecretStr, BeforeValidator(_text)]
Seconds = Annotated[float, BeforeValidator(_seconds)]
Count = Annotated[int, integer(1)]
