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
from pointbook.log.typed.nothing import stands_for_nothing
from pointbook.log.typed.time_advice import with_form
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
_MOST_DIGITS = 15
_BROKEN = re.compile(r"[+-]?[0-9]*[.,][0-9]*")
_DAY_WITH_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}.*)")
_ZONED = re.compile(r"[A-Za-z]{2}|[Zz]$|[+-]")
_YES = frozenset((
    *("yes", "y", "1", "1.0", "t", "on", "x", "\u2713"),
    *("wahr", "ja", "vrai", "oui", "verdadero", "s\u00ed", "vero", "s\u00ec", "verdadeiro", "sim", "waar"),
))  # fmt: skip
_NO = frozenset((
    *("no", "n", "0", "0.0", "f", "off"),
    *("falsch", "nein", "faux", "non", "falso", "n\u00e3o", "onwaar", "nee"),
))  # fmt: skip


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
    """The date that `text` writes as YYYY-MM-DD, also where midnight stands behind it.

    Raises:
        ValueError: It is not such a date, or not in the years 1900 to 2999; says what to write.
    """
    text = text.strip()
    if date_text.DATE.fullmatch(text):
        return date_text.date_from(text)
    if match := _DAY_WITH_TIME.fullmatch(text):
        day = date_text.date_from(match[1])
        if not match[2].strip("0:.T "):
            return day
        of_zone = " (which day it is depends on the time zone)" if _ZONED.search(match[2]) else ""
        raise ValueError(f"{quoted(text)} is not a date: write the day without its time: {day}{of_zone}")
    advice = stands_for_nothing(text) or date_text.date_advice(text) or "write it as YYYY-MM-DD"
    raise ValueError(f"{quoted(text)} is not a date: {with_form(advice, text)}")


def boolean_from(text: str) -> bool:
    """What `text` says: `true` or `false`, in capitals or not.

    Raises:
        ValueError: It says neither.
    """
    word = text.strip().casefold()
    if word in ("true", "false"):
        return word == "true"
    meant = boolean_meant(text)
    advice = stands_for_nothing(text) if meant is None else f"write {str(meant).lower()}"
    raise ValueError(f"{quoted(text)} is neither true nor false: {advice or 'write true or false'}")


def boolean_meant(text: str) -> bool | None:
    """What a text says that is another word for true or false; None for all others.

    >>> boolean_meant("WAHR"), boolean_meant("f"), boolean_meant("maybe")
    (True, False, None)
    """
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


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
        return f"write its digits only, without a separator or point{_ungrouped(text)}"
    if _BROKEN.fullmatch(text) and any(character.isdigit() for character in text):
        return "it has a fraction; round it as the program wants"
    return _number_advice(text, "write digits only", integer_from)


def _decimal_advice(text: str) -> str:
    if match := _DECIMAL_COMMA.fullmatch(text):
        return f"write {match[1]}.{match[2]}, with a point"
    if _GROUPED.fullmatch(text):
        return f"write a point before the fraction, and nothing between thousands{_ungrouped(text)}"
    if _BROKEN.fullmatch(text) and any(character.isdigit() for character in text):
        return "write digits, then a point and at most 6 digits"
    return _number_advice(text, "write digits, with a point before a fraction", decimal_from)


def _ungrouped(text: str) -> str:
    """The number that groups of three digits write, where there is only one."""
    groups = re.split(r"[., '\u2019\u00a0\u202f]", text)
    separators = re.findall(r"[., '\u2019\u00a0\u202f]", text)
    is_one_way = len(set(separators)) == 1 and (len(groups) > 2 or separators[0] not in ".,")  # noqa: PLR2004
    return f": {''.join(groups)}" if is_one_way else ""


def _number_advice(text: str, otherwise: str, read: Callable[[str], Value]) -> str:
    if _EXPONENT.fullmatch(text):
        return f"write it without an exponent{_without_exponent(text)}"
    if _MANY_DIGITS.fullmatch(text):
        return "at most 15 digits are read"
    if text[:1] in ("\u2212", "\u2013"):
        try:
            return f"write the minus sign as in {read(f'-{text[1:].strip()}')}"
        except ValueError:
            return otherwise
    return stands_for_nothing(text) or otherwise


def _without_exponent(text: str) -> str:
    """The digits that a number with an exponent stands for, where they are few."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return ""
    if not value or abs(value.adjusted()) >= _MOST_DIGITS:
        return ""
    return f": {value:f}, if no digit was lost"
