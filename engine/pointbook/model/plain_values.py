"""Records as values that JSON has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any


def plain(value: Any, *without: str) -> Any:
    """A value as JSON has it, a record without some of its fields.

    Dates and decimals are texts; a fraction, which is exact, is `{"numerator": n, "denominator": d}`.
    """
    if is_dataclass(value):
        value = {
            field.name: getattr(value, field.name) for field in fields(value) if field.name not in without
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
