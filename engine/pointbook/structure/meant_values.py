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


def value_fix(span: Span, value: object, wanted: str) -> tuple[Edit, ...]:
    """The edit of a value at a place into the only one of the wanted type that it can be; else none.

    Args:
        span: Where the value stands.
        value: What it is.
        wanted: A type of JSON Schema, `text` and `decimal` as attributes have them, or `date`.
    """
    meant = _meant(value, wanted)
    return () if meant is None else (Edit(span, written(value), meant),)


def _meant(value: object, wanted: str) -> bool | int | str | None:
    if not isinstance(value, (bool, int, Decimal, str)):
        return None
    match wanted:
        case "boolean":
            return TRUTHS.get(value.strip().casefold()) if isinstance(value, str) else None
        case "integer":
            return None if isinstance(value, bool) else number_meant(value)
        case "decimal":
            is_whole = isinstance(value, str) and value.strip().removeprefix("-").isdecimal()
            return number_meant(value) if is_whole else None
        case "date":
            return date_meant(written(value)) or None
        case "string" | "text":
            return None if isinstance(value, str) else written(value)
        case _:
            return None
