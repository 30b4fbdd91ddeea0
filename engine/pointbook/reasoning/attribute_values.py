"""What values an attribute's type allows, and how types and values are called in messages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from pointbook.model.attributes import AttributeType
from pointbook.model.wording import written
from pointbook.structure.date_text import DateError, date_from
from pointbook.structure.meant_values import TRUTHS
from pointbook.structure.wording import kind_of

NUMBERS = frozenset((AttributeType.INTEGER, AttributeType.DECIMAL))
ORDERED = NUMBERS | {AttributeType.DATE}
"""Types whose values have an order."""

_A_DATE = "write a date as YYYY-MM-DD"


def fits(value: object, kind: AttributeType) -> bool:
    """Whether an attribute of that type can have the value. `true` is no number."""
    match kind:
        case AttributeType.BOOLEAN:
            return isinstance(value, bool)
        case AttributeType.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case AttributeType.DECIMAL:
            return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        case AttributeType.DATE:
            return isinstance(value, date)
        case AttributeType.TEXT:
            return isinstance(value, str)
    assert_never(kind)


def key_fits(key: str, kind: AttributeType) -> bool:
    """Whether a table's key is a value of that type, as the log would give it."""
    match kind:
        case AttributeType.BOOLEAN:
            return key in ("true", "false")
        case AttributeType.INTEGER:
            digits = key.removeprefix("-")
            is_plain = digits.isascii() and digits.isdigit() and key != "-0"
            return is_plain and not (len(digits) > 1 and digits.startswith("0"))
        case AttributeType.TEXT:
            return True
        case AttributeType.DECIMAL | AttributeType.DATE:
            return False
    assert_never(kind)


def is_date(text: str) -> bool:
    """Whether the text writes a day that exists."""
    try:
        date_from(text)
    except ValueError:
        return False
    return True


def what_to_write(value: object, kind: AttributeType, typed: str = "") -> str:
    """A hint for a value that does not fit; `typed` is how it stands in the file, if that is known."""
    text = value.strip() if isinstance(value, str) else ""
    match kind:
        case AttributeType.TEXT:
            if isinstance(value, str):
                return "write a text"
            return f'quote it, if it is a text: "{typed or written(value)}"'
        case AttributeType.BOOLEAN:
            truth = TRUTHS.get(text.casefold())
            plain, expected = None if truth is None else written(truth), "write `true` or `false`"
        case AttributeType.INTEGER | AttributeType.DECIMAL:
            plain = (text.lstrip("0") or "0") if text.isascii() and text.isdigit() else None
            expected = "write a whole number" if kind is AttributeType.INTEGER else "write a number"
        case AttributeType.DATE:
            return _about_date(value) if isinstance(value, str) else _A_DATE
        case _:
            assert_never(kind)
    return expected if plain is None else f"write `{plain}`, without quotation marks"


def value_text(value: Any) -> str:
    """A value in words: "the number 5"; a date as it is."""
    return value.isoformat() if isinstance(value, date) else kind_of(value)


def _about_date(text: str) -> str:
    try:
        date_from(text)
    except DateError as error:
        return f"{error.problem}; {error.advice or 'correct it'}"
    return _A_DATE
