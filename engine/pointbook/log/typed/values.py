"""Texts of attributes, points and days as typed values, and what to type instead of other spellings.

White space around a text is ignored, except in plain text, where it counts.

    >>> integer_from(" 50 "), date_from(" 2024-02-29")
    (50, datetime.date(2024, 2, 29))
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from pointbook.log.faults import quoted
from pointbook.model.attributes import AttributeType
from pointbook.structure import date_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from pointbook.model.attributes import Value

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
_WHOLE_WITH_ZEROS = re.compile(r"([+-]?[0-9]{1,15})[.,](0|00|0{4,})")
_ONE_OR_THOUSAND = re.compile(r"([+-]?[0-9]{1,3})[.,]000")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]{1,15}),([0-9]{1,2}|[0-9]{4,6})")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([., '\u2019\u00a0\u202f][0-9]{3})+([.,][0-9]+)?")
_EXPONENT = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_MANY_DIGITS = re.compile(r"[+-]?[0-9]{16,}([.,][0-9]*)?")
_BROKEN = re.compile(r"[+-]?[0-9]*[.,][0-9]*")
_YES = frozenset(("yes", "y", "1", "t", "on", "x"))
_NO = frozenset(("no", "n", "0", "f", "off"))


def integer_from(text: str) -> int:
    """The whole number that `text` writes in at most 15 digits.

    Raises:
        ValueError: It writes none; says what to write.
    """
    text = text.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    raise ValueError(f"{quoted(text)} is not a whole number: {_integer_advice(text)}")


def decimal_from(text: str) -> Decimal:
    """The number that `text` writes in at most 15 digits before and 6 after the point, exactly.

    Raises:
        ValueError: It writes none; says what to write.
    """
    text = text.strip()
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    raise ValueError(f"{quoted(text)} is not a number: {_decimal_advice(text)}")


def date_from(text: str) -> date:
    """The date that `text` writes as YYYY-MM-DD.

    Raises:
        ValueError: It is not such a date, or not in the years 1900 to 2999; says what to write.
    """
    text = text.strip()
    if date_text.DATE.fullmatch(text):
        return date_text.date_from(text)
    advice = date_text.date_advice(text) or "write it as 2024-03-13"
    raise ValueError(f"{quoted(text)} is not a date: {advice}")


def boolean_from(text: str) -> bool:
    """What `text` says: `true` or `false`, in capitals or not.

    Raises:
        ValueError: It says neither.
    """
    word = text.strip().casefold()
    if word in ("true", "false"):
        return word == "true"
    advice = "true" if word in _YES else "false" if word in _NO else "true or false"
    raise ValueError(f"{quoted(text)} is neither true nor false: write {advice}")


def text_from(text: str) -> str:
    """`text`, as it is."""
    return text


def reader_of(kind: AttributeType) -> Callable[[str], Value | date]:
    """How a text becomes a value of the type; raises ValueError with an advice where it does not."""
    match kind:
        case AttributeType.INTEGER:
            return integer_from
        case AttributeType.DECIMAL:
            return decimal_from
        case AttributeType.DATE:
            return date_from
        case AttributeType.TEXT:
            return text_from
        case AttributeType.BOOLEAN:
            return boolean_from
    assert_never(kind)


def _integer_advice(text: str) -> str:
    if match := _WHOLE_WITH_ZEROS.fullmatch(text):
        return f"write {match[1]}"
    if match := _ONE_OR_THOUSAND.fullmatch(text):
        return f"it could be {match[1]} or {match[1]}000; write the one that is meant"
    if _GROUPED.fullmatch(text):
        return "write its digits only, without a separator or point"
    if _BROKEN.fullmatch(text) and any(character.isdigit() for character in text):
        return "it has a fraction; round it as the program wants"
    return _number_advice(text, "50")


def _decimal_advice(text: str) -> str:
    if match := _DECIMAL_COMMA.fullmatch(text):
        return f"write {match[1]}.{match[2]}, with a point"
    if _GROUPED.fullmatch(text):
        return "write a point before the fraction, and nothing between thousands"
    if _BROKEN.fullmatch(text) and any(character.isdigit() for character in text):
        return "write digits, then a point and at most 6 digits, as in 2.5"
    return _number_advice(text, "2.5")


def _number_advice(text: str, example: str) -> str:
    if _EXPONENT.fullmatch(text):
        return "write it without an exponent"
    if _MANY_DIGITS.fullmatch(text):
        return "at most 15 digits are read"
    if text[:1] in ("\u2212", "\u2013"):
        return f"write the minus sign as in -{example}"
    return f"write digits only, as in {example}"
