"""Attributes: named values that the log carries with an event, or the members file with a member."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Value = int | Decimal | str | bool
"""A value of an attribute that is not a date; dates are `datetime.date`."""

MEMBER_PREFIX = "member."
OCCURRED_ON = "occurred_on"
"""The attribute every event has: its local date."""


class AttributeType(StrEnum):
    """What an attribute's values are."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named value that the log carries with an event, or the members file with a member."""

    type: AttributeType
    title: str | None = None
    note: str | None = None
