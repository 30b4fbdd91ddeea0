"""The one value that a slip can only have been meant to be, by the type of value that is wanted there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.diagnostics import Edit
from pointbook.model.wording import written
from pointbook.structure.date_text import date_meant
from pointbook.structure.number_slips import number_meant

if TYPE_CHECKING:
    from pointbook.diagnostics import Span

TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
"""What people write for true and false."""

_TEXTS = ("string", "text")


def value_fix(span: Span, value: object, wanted: str, typed: str = "") -> tuple[Edit, ...]:
    """The edit of a value at a place into the only one of the wanted type that it can be; else none.

    Args:
        span: Where the value stands.
        value: What it is.
        wanted: A type of JSON Schema, `text` and `decimal` as attributes have them, or `date`.
        typed: How a number or truth is typed, if that is known: where a text is wanted, it is that.
    """
    if typed and wanted in _TEXTS and isinstance(value, (bool, int, Decimal)):
        return (Edit(span, typed, typed),)
    meant = _meant(value, wanted)
    return () if meant is None else (Edit(span, written(value), meant),)


def _meant(value: object, wanted: str) -> bool | int | str | None:
    if wanted == "date" and isinstance(value, (str, int)):
        return date_meant(written(value)) or None
    if isinstance(value, str):
        if wanted == "boolean":
            return TRUTHS.get(value.strip().casefold())
        is_whole = value.strip().removeprefix("-").isdecimal()  # a comma may begin the decimals
        return number_meant(value) if wanted == "integer" or (wanted == "decimal" and is_whole) else None
    if wanted in _TEXTS and isinstance(value, (bool, int, Decimal)):
        return written(value)
    return number_meant(value) if wanted == "integer" else None
