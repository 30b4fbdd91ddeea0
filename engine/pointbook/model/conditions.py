"""Conditions on what an event and its member are. Source: docs/meaning.md, "Conditions"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from pointbook.model.attributes import Value


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds when the attribute satisfies every operator that is given.

    Attributes:
        attribute: Name of an event attribute, `occurred_on`, or `member.` and a member attribute.
        equals: The value it must be (`is`).
        among: The values it may be (`in`).
        at_least: Inclusive lower bound.
        at_most: Inclusive upper bound.
        present: Whether it must be given (True) or absent (False).
        within: Inclusive span after another date attribute.
    """

    attribute: str
    equals: Value | date | None = None
    among: tuple[Value | date, ...] | None = None
    at_least: int | Decimal | date | None = None
    at_most: int | Decimal | date | None = None
    present: bool | None = None
    within: Within | None = None

    @property
    def needs_value(self) -> bool:
        """Whether it looks at the attribute's value, not only at whether there is one."""
        operators = (self.equals, self.among, self.at_least, self.at_most, self.within)
        return any(operator is not None for operator in operators)


@dataclass(frozen=True, slots=True)
class Within:
    """From the day of `after` up to and including `days` days later."""

    days: int
    after: str


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the part does not."""

    part: Condition


Condition = Comparison | All | AnyOf | Not

ALWAYS = All(())
"""Of nothing: what a bonus has that is always given."""
