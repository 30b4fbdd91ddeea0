"""Typed values of Parquet and of databases as texts, as if someone had written them into a CSV file.

What a type adds and the value does not say is left out: the scale of a decimal, the point of a
floating-point number that is whole, the time of day of a timestamp at midnight. pandas has no
type for a day, nor integers with gaps, so it writes both in that way.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LARGEST_WHOLE = 2**53
"""Up to this, every whole number has a floating-point number of its own."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - its texts carry no offset
_A_SECOND: Mapping[str, int] = {"s": 1, "ms": 1000, "us": 10**6, "ns": 10**9}


class ValueKind(StrEnum):
    """Kinds of values that have a text."""

    NOTHING = "nothing"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    SINGLE = "single"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    LOCAL = "local"
    INSTANT = "instant"
    UUID = "uuid"


def kind_of(arrow_type: Any) -> ValueKind | None:
    """The kind of an Arrow type's values, None where they have no text."""
    import pyarrow.types as are  # noqa: PLC0415 - heavy, and only typed sources need it

    if are.is_dictionary(arrow_type):
        return kind_of(arrow_type.value_type)
    if str(arrow_type) in {"extension<arrow.uuid>", "extension<arrow.json>"}:
        return ValueKind.UUID if "uuid" in str(arrow_type) else ValueKind.TEXT
    if are.is_timestamp(arrow_type):
        return ValueKind.LOCAL if arrow_type.tz is None else ValueKind.INSTANT
    tests: Mapping[ValueKind, tuple[Callable[[Any], bool], ...]] = {
        ValueKind.NOTHING: (are.is_null,),
        ValueKind.TEXT: (are.is_string, are.is_large_string, are.is_string_view),
        ValueKind.INTEGER: (are.is_integer,),
        ValueKind.DECIMAL: (are.is_decimal,),
        ValueKind.SINGLE: (are.is_float16, are.is_float32),
        ValueKind.DOUBLE: (are.is_float64,),
        ValueKind.BOOLEAN: (are.is_boolean,),
        ValueKind.DATE: (are.is_date,),
    }
    return next((kind for kind, found in tests.items() if any(test(arrow_type) for test in found)), None)


def texts_of(values: Any) -> list[str]:
    """The texts of an Arrow array, empty where there is no value.

    Args:
        values: Of a type that has a kind.

    Raises:
        UnicodeDecodeError: A text is not UTF-8.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only typed sources need it

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if isinstance(values, pa.ExtensionArray):
        is_uuid = kind_of(values.type) is ValueKind.UUID
        values = values.storage
        if is_uuid:
            return _each(values, lambda octets: str(UUID(bytes=octets)))
    kind = kind_of(values.type)
    if kind in {ValueKind.DATE, ValueKind.LOCAL, ValueKind.INSTANT}:
        return _texts_of_times(values, kind)
    if kind is ValueKind.SINGLE:  # its own shortest digits, not those of the double that it is widened to
        return _each(values.cast(pa.float32()).cast(pa.string()), lambda text: text_of_float(float(text)))
    if kind is ValueKind.DOUBLE:
        return _each(values, text_of_float)
    if kind is ValueKind.DECIMAL:
        return _each(values, plain_digits)
    return _each(values if kind is ValueKind.TEXT else values.cast(pa.string()), str)


def _each(values: Any, text_of: Callable[[Any], str]) -> list[str]:
    return ["" if value is None else text_of(value) for value in values.to_pylist()]


def text_of_float(value: float) -> str:
    """A floating-point number in its shortest plain digits; empty for one that is no number."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value.is_integer() and abs(value) <= _LARGEST_WHOLE:
        return str(int(value))
    return plain_digits(Decimal(repr(value)))


def plain_digits(value: Decimal) -> str:
    """Digits without an exponent, and without zeros at the end of the fraction."""
    if not value.is_finite():  # databases know a decimal that is no number
        return "" if value.is_nan() else str(value).lower()
    text = format(value, "f")
    text = text.rstrip("0").removesuffix(".") if "." in text else text
    return "0" if text == "-0" else text


def _texts_of_times(values: Any, kind: ValueKind) -> list[str]:
    """Dates and date-times in ISO form; in UTC with `+00:00` where they are moments of the world."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only typed sources need it

    if kind is ValueKind.DATE:
        values = values.cast(pa.date32(), safe=False).cast(pa.timestamp("s"))
    second = _A_SECOND[values.type.unit]
    offset = "+00:00" if kind is ValueKind.INSTANT else ""
    return _each(values.cast(pa.int64()), lambda count: _text_of_time(count, second, offset))


def _text_of_time(count: int, second: int, offset: str) -> str:
    """A date-time `count` parts of a second after the beginning of 1970, of which `second` make one."""
    seconds, fraction = divmod(count, second)
    try:
        text = (_EPOCH + timedelta(0, seconds)).isoformat()
    except OverflowError:
        return "before the year 1" if count < 0 else "after the year 9999"
    if fraction:
        digits = f"{fraction * (_A_SECOND['ns'] // second):09d}"
        return f"{text}.{digits.removesuffix('000')}{offset}"
    return text + offset if offset else text.removesuffix("T00:00:00")
