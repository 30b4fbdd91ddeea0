"""Attributes: named values that the log carries with an event, or the members file with a member."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Value = int | Decimal | str | bool
"""A value of an attribute that is not a date; dates are `datetime.date`."""

MEMBER_PREFIX = "member."
OCCURRED_ON = "occurred_on"
"""The attribute every event has: its local date."""
LEVEL = "level"
"""The attribute every event has, and every member on a day: the level held just before."""
NO_LEVEL = "none"
"""Its value without a level, which is below all; no level has that id."""


class AttributeType(StrEnum):
    """What an attribute's values are."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TEXT = "text"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named value that the log carries with an event, or the members file with a member.

    Attributes:
        type: What its values are.
        default: What it is taken to be where it is not given; None where it then is not known.
    """

    LATER: ClassVar = {"default": None}

    type: AttributeType
    title: str | None = None
    note: str | None = None
    default: Value | date | None = None


def defaults_of(attributes: Mapping[str, Attribute]) -> Mapping[str, Value | date]:
    """What attributes are taken to be that are not given, of those that say so."""
    return {name: one.default for name, one in attributes.items() if one.default is not None}


def with_defaults(
    given: Mapping[str, Value | date], defaults: Mapping[str, Value | date]
) -> Mapping[str, Value | date]:
    """The attributes as rules see them: what is given, else its default."""
    return {**defaults, **given} if defaults else given
