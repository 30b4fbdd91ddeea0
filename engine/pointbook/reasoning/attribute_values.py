"""What values an attribute's type allows, and how types and values are called in messages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pointbook.model.attributes import AttributeType
from pointbook.model.wording import written
from pointbook.structure.date_text import DateError, date_from
from pointbook.structure.wording import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBERS = frozenset((AttributeType.INTEGER, AttributeType.DECIMAL))
ORDERED = NUMBERS | {AttributeType.DATE}
"""Types whose values have an order."""

_EXPECTED: Mapping[AttributeType, str] = {
    AttributeType.INTEGER: "write a whole number",
    AttributeType.DECIMAL: "write a number",
    AttributeType.DATE: "write a date as YYYY-MM-DD",
    AttributeType.TEXT: "write a text",
    AttributeType.BOOLEAN: "write `true` or `false`",
}
_YES_OR_NO = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


def fits(value: object, kind: AttributeType) -> bool:
    """Whether an attribute of that type can have the value. `true` is no number."""
    if isinstance(value, bool) or kind is AttributeType.BOOLEAN:
        return isinstance(value, bool) and kind is AttributeType.BOOLEAN
    if kind is AttributeType.INTEGER:
        return isinstance(value, int)
    if kind is AttributeType.DECIMAL:
        return isinstance(value, (int, Decimal))
    return isinstance(value, date if kind is AttributeType.DATE else str)


def key_fits(key: str, kind: AttributeType) -> bool:
    """Whether a table's key is a value of that type, as the log would give it."""
    if kind is AttributeType.BOOLEAN:
        return key in ("true", "false")
    if kind is AttributeType.INTEGER:
        digits = key.removeprefix("-")
        return digits.isascii() and digits.isdigit() and str(int(key)) == key
    return kind is AttributeType.TEXT


def is_date(text: str) -> bool:
    """Whether the text writes a day that exists."""
    try:
        date_from(text)
    except ValueError:
        return False
    return True


def key_to_write(key: str, kind: AttributeType) -> str:
    """A hint for a table's key that does not fit. Keys are texts, with quotation marks or without."""
    return what_to_write(key, kind).removesuffix(", without quotation marks")


def what_to_write(value: object, kind: AttributeType) -> str:
    """A hint for a value that does not fit."""
    if kind is AttributeType.TEXT and not isinstance(value, str):
        return f'quote it, if it is a text: "{written(value)}"'
    if isinstance(value, str):
        text = value.strip()
        if kind is AttributeType.BOOLEAN and text.casefold() in _YES_OR_NO:
            return f"write `{_YES_OR_NO[text.casefold()]}`, without quotation marks"
        if kind in NUMBERS and text.isascii() and text.isdigit():
            return f"write `{int(text)}`, without quotation marks"
        if kind is AttributeType.DATE:
            return _about_date(value)
    return _EXPECTED[kind]


def value_text(value: Any) -> str:
    """A value in words: "the number 5"; a date as it is."""
    return value.isoformat() if isinstance(value, date) else kind_of(value)


def _about_date(text: str) -> str:
    try:
        date_from(text)
    except DateError as error:
        return f"{error.problem}; {error.advice or 'correct it'}"
    return _EXPECTED[AttributeType.DATE]
