"""Every condition of an activity, and every place where an activity names an attribute."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.model.rules import (
    All,
    AnyOf,
    AttributeType,
    Comparison,
    Not,
    PerUnit,
    Table,
)
from pointbook.reasoning.attribute_values import is_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.rules import Activity, Condition, Path


@dataclass(frozen=True, slots=True)
class AttributeUse:
    """A place where a rule names an attribute.

    Attributes:
        name: As written, with `member.` for one of the member's.
        path: Where it is written, from the top of the version.
        in_condition: Whether it is in a condition, where the member's attributes can be named too.
        likely_type: The type that an attribute used so would have.
    """

    name: str
    path: Path
    in_condition: bool
    likely_type: AttributeType


def conditions_of(activity: Activity) -> Iterator[tuple[Path, Condition]]:
    """The conditions of an activity and of its bonuses, each with its path."""
    path: Path = ("activities", activity.id)
    if activity.eligible_if is not None:
        yield (*path, "eligible_if"), activity.eligible_if
    for index, bonus in enumerate(activity.bonuses):
        yield (*path, "bonuses", index, "if"), bonus.condition


def conditions_under(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    """The condition itself and every one inside it, each with its path."""
    yield path, condition
    if isinstance(condition, (All, AnyOf)):
        key = "all" if isinstance(condition, All) else "any"
        for index, part in enumerate(condition.parts):
            yield from conditions_under(part, (*path, key, index))
    elif isinstance(condition, Not):
        yield from conditions_under(condition.part, (*path, "not"))


def comparisons_of(activity: Activity) -> Iterator[tuple[Path, Comparison]]:
    """Every comparison of an activity, however deep, each with its path."""
    for path, condition in conditions_of(activity):
        for part_path, part in conditions_under(condition, path):
            if isinstance(part, Comparison):
                yield part_path, part


def attribute_uses(activity: Activity) -> Iterator[AttributeUse]:
    """Every place where the activity names an attribute of the event or of the member."""
    for path, comparison in comparisons_of(activity):
        yield AttributeUse(comparison.attribute, (*path, "attribute"), True, _likely_type(comparison))
        if comparison.within is not None:
            yield AttributeUse(comparison.within.after, (*path, "within", "after"), True, AttributeType.DATE)
    path = ("activities", activity.id)
    points = activity.points
    if isinstance(points, (PerUnit, Table)):
        form, likely = (
            ("per", AttributeType.INTEGER) if isinstance(points, PerUnit) else ("by", AttributeType.TEXT)
        )
        yield AttributeUse(points.attribute, (*path, "points", form, "attribute"), False, likely)
    if activity.split_among is not None:
        yield AttributeUse(activity.split_among, (*path, "split_among"), False, AttributeType.INTEGER)


def _likely_type(comparison: Comparison) -> AttributeType:
    """The type of the first value that the attribute is compared with."""
    if comparison.within is not None:
        return AttributeType.DATE
    values = (comparison.equals, *(comparison.among or ()), comparison.at_least, comparison.at_most)
    value = next((value for value in values if value is not None), None)
    if isinstance(value, bool):
        return AttributeType.BOOLEAN
    if isinstance(value, int):
        return AttributeType.INTEGER
    if isinstance(value, Decimal):
        return AttributeType.DECIMAL
    return AttributeType.DATE if isinstance(value, str) and is_date(value) else AttributeType.TEXT
