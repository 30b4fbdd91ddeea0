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

_SHOWN = 57
"""Characters that are shown of a text that is too long."""

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


def cut_texts(values: Any, longest: int) -> tuple[Any, list[int]]:
    """An Arrow array in which texts of more than `longest` characters are cut, and the places of these."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only typed sources need it
    import pyarrow.compute as pc  # noqa: PLC0415

    if kind_of(values.type) is not ValueKind.TEXT or not len(values):
        return values, []
    if pa.types.is_dictionary(values.type):
        texts, long = cut_texts(values.dictionary, longest)
        if not long:
            return values, []
        cut = pa.DictionaryArray.from_arrays(values.indices, texts)
        return cut, [place for place, index in enumerate(values.indices.to_pylist()) if index in long]
    texts = values.storage if isinstance(values, pa.ExtensionArray) else values
    texts = texts.cast(pa.large_string()) if pa.types.is_string_view(texts.type) else texts
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= longest:  # bytes are no fewer than characters
        return values, []
    is_long = pc.fill_null(pc.greater(pc.utf8_length(texts), longest), False)
    shown = pc.utf8_slice_codeunits(texts, 0, _SHOWN)
    cut = pc.binary_join_element_wise(shown, pa.scalar("...", shown.type), pa.scalar("", shown.type))
    return pc.if_else(is_long, cut, texts), pc.indices_nonzero(is_long).to_pylist()


def texts_of(values: Any) -> list[str]:
    """The texts of an Arrow array, empty where there is no value.

    Args:
        values: Of a type that has a kind.

    Raises:
        UnicodeDecodeError: A text is not UTF-8.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only typed sources need it

    if pa.types.is_dictionary(values.type):
        return _texts_of_dictionary(values)
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
    if kind in {ValueKind.DOUBLE, ValueKind.DECIMAL}:
        return _each(values, text_of_float if kind is ValueKind.DOUBLE else plain_digits)
    return _each(values if kind is ValueKind.TEXT else values.cast(pa.string()), str)


def _texts_of_dictionary(values: Any) -> list[str]:
    """The texts of an array whose values stand once, however often they come; so do their texts in memory."""
    if len(values.dictionary) > len(values):  # for a part of a longer array most of them are not needed
        return texts_of(values.dictionary_decode())
    known = texts_of(values.dictionary)
    return ["" if place is None else known[place] for place in values.indices.to_pylist()]


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
