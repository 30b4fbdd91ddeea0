"""Plain scalars, as the YAML 1.2 core schema reads them, with exact decimals for floats."""

from __future__ import annotations

import re
from decimal import Decimal

MAX_DIGITS = 18

_NULL = frozenset(("", "null", "Null", "NULL", "~"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED_INTEGER = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_SHOWN = 24
"""So many digits of a number that has too many fit in a message of one line."""


class UnusableNumberError(ValueError):
    """A number that YAML knows and rules cannot use; its arguments are a message and a hint."""


def plain_value(text: str) -> bool | int | Decimal | str | None:
    """The value that unquoted text stands for.

    Raises:
        UnusableNumberError: It has more than 18 digits, or an exponent, or is infinite or not a number.
    """
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _FLOAT.fullmatch(text):
        hint = "write it in plain digits, or quote it if it is a name"
        raise UnusableNumberError(f"`{text}` is not a number that rules can use", hint)
    is_decimal = _DECIMAL.fullmatch(text) is not None
    if not (is_decimal or _INTEGER.fullmatch(text) or _BASED_INTEGER.fullmatch(text)):
        return text
    based = text[:2] in ("0o", "0x")
    digits = text[2:] if based else text
    if sum(digit.isalnum() for digit in digits) > MAX_DIGITS or (based and int(text, 0) >= 10**MAX_DIGITS):
        shown = f"{text[:_SHOWN]}..." if len(text) > _SHOWN else text
        hint = f"use at most {MAX_DIGITS} digits, or quote it if it is a name"
        raise UnusableNumberError(f"the number {shown} has too many digits", hint)
    if is_decimal:
        return Decimal(text)
    return int(text, 0 if based else 10)
