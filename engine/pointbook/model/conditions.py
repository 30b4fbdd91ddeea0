"""Conditions on what an event and its member are. Source: docs/meaning.md, "Conditions".

One that a version declares under `conditions` stands, whole, wherever its `name` is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

from pointbook.model.plain_values import NEVER_PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
        name: Under which the version declares it, if it does.
        order: Of a comparison of levels all that there are, from the lowest; else nothing.
    """

    attribute: str
    equals: Value | date | None = None
    among: tuple[Value | date, ...] | None = None
    at_least: int | Decimal | date | str | None = None
    at_most: int | Decimal | date | str | None = None
    present: bool | None = None
    within: Within | None = None
    name: str | None = field(default=None, compare=False, repr=False, metadata=NEVER_PLAIN)
    order: tuple[str, ...] = field(default=(), compare=False, repr=False, metadata=NEVER_PLAIN)

    def allows_level(self, level: str) -> bool:
        """Whether a comparison of levels holds with that one; not where it names one that is not there."""
        named = [str(one) for one in (self.at_least, self.at_most) if one is not None]
        if level not in self.order or not set(named) <= set(self.order):
            return False
        rank = self.order.index
        return not (
            (self.equals is not None and level != self.equals)
            or (self.among is not None and level not in self.among)
            or (self.at_least is not None and rank(level) < rank(str(self.at_least)))
            or (self.at_most is not None and rank(level) > rank(str(self.at_most)))
            or self.present is False
        )

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
    name: str | None = field(default=None, compare=False, repr=False, metadata=NEVER_PLAIN)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one part holds."""

    parts: tuple[Condition, ...]
    name: str | None = field(default=None, compare=False, repr=False, metadata=NEVER_PLAIN)


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the part does not."""

    part: Condition
    name: str | None = field(default=None, compare=False, repr=False, metadata=NEVER_PLAIN)


Condition = Comparison | All | AnyOf | Not

ALWAYS = All(())
"""Of nothing: what a bonus has that is always given."""


def attributes_in(condition: Condition) -> Iterator[str]:
    """The attributes that a condition names, as often as it does."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from attributes_in(part)
        case Not(part):
            yield from attributes_in(part)
        case Comparison():
            yield condition.attribute
            if condition.within is not None:
                yield condition.within.after
        case _:
            assert_never(condition)


def names_in(condition: Condition) -> Iterator[str]:
    """The names of declared conditions that it is made of, its own among them."""
    if condition.name is not None:
        yield condition.name
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from names_in(part)
        case Not(part):
            yield from names_in(part)
        case Comparison():
            pass
        case _:
            assert_never(condition)


def with_order(condition: Condition, order: tuple[str, ...]) -> Condition:
    """The condition, its comparisons of levels by another order."""
    match condition:
        case All(parts) | AnyOf(parts):
            return replace(condition, parts=tuple(with_order(part, order) for part in parts))
        case Not(part):
            return replace(condition, part=with_order(part, order))
        case Comparison():
            return replace(condition, order=order) if condition.order else condition
    assert_never(condition)


def with_declared(condition: Condition, declared: Mapping[str, Condition]) -> Condition:
    """The condition with these declared ones where their names stand."""
    if condition.name is not None and condition.name in declared:
        found = declared[condition.name]
        if found.name is None:
            return replace(found, name=condition.name)
        return All((found,), name=condition.name)
    match condition:
        case All(parts) | AnyOf(parts):
            return replace(condition, parts=tuple(with_declared(part, declared) for part in parts))
        case Not(part):
            return replace(condition, part=with_declared(part, declared))
        case Comparison():
            return condition
    assert_never(condition)
