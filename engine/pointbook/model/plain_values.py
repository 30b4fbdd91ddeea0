"""Records as values that JSON has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

NEVER_PLAIN = {"plain": "never"}
IF_GIVEN = {"plain": "if given"}
"""Of a field of a record: that it is no part of its plain value, or only where it is not its default. So a
field that comes later leaves the plain values of all records as they were that do not use it."""


def plain(value: Any, *without: str) -> Any:
    """A value as JSON has it, a record without some of its fields.

    A record that is written otherwise than it is kept says how (`as_written`). Dates and decimals are
    texts; a fraction, which is exact, is `{"numerator": n, "denominator": d}`.
    """
    if hasattr(value, "as_written"):
        value = {name: part for name, part in value.as_written.items() if name not in without}
    elif is_dataclass(value):
        value = {
            field.name: getattr(value, field.name)
            for field in fields(value)
            if field.name not in without and is_shown(field, getattr(value, field.name))
        }
    elif isinstance(value, Fraction):
        value = {"numerator": value.numerator, "denominator": value.denominator}
    elif hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, (date, Decimal)) else value


def is_shown(field: Field[Any], value: Any) -> bool:
    """Whether a field of a record, with its value, is part of the record's plain value."""
    shown = field.metadata.get("plain")
    return shown is None or (shown == "if given" and value != field.default)
