"""Whether one condition holds whenever another does, as far as their form shows it."""

from __future__ import annotations

from enum import Enum
from operator import ge, le
from typing import TYPE_CHECKING, Any

from pointbook.model.conditions import All, AnyOf, Comparison, Not
from pointbook.reasoning.conditions import canonical_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pointbook.model.conditions import Condition


class ConditionRelation(Enum):
    """How a new condition relates to an old one."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"
    UNKNOWN = "unknown"


def relation(old: Condition, new: Condition) -> ConditionRelation:
    """Whether `new` holds in more cases than `old`, in fewer, or neither can be told."""
    old, new = canonical_condition(old), canonical_condition(new)
    if old == new:
        return ConditionRelation.SAME
    wider, narrower = implies(old, new), implies(new, old)
    # Where both hold, the two can still differ for values that are not given.
    if wider is narrower:
        return ConditionRelation.UNKNOWN
    return ConditionRelation.WIDER if wider else ConditionRelation.NARROWER


def implies(one: Condition, other: Condition) -> bool:  # noqa: PLR0911 - one return per kind reads best
    """Whether `other` surely holds wherever `one` does; False where the form does not show it."""
    if isinstance(other, All):
        return all(implies(one, part) for part in other.parts)
    if isinstance(one, AnyOf):
        return all(implies(part, other) for part in one.parts)
    if isinstance(one, All) and any(implies(part, other) for part in one.parts):
        return True
    if isinstance(other, AnyOf):
        return any(implies(one, part) for part in other.parts)
    if isinstance(one, Not) and isinstance(other, Not):
        return implies(other.part, one.part)
    if isinstance(one, Comparison) and isinstance(other, Comparison) and one.attribute == other.attribute:
        return _comparison_implies(_by_rank(one), _by_rank(other))
    return False


def _by_rank(comparison: Comparison) -> Comparison:
    """A comparison of levels as the list of those that it allows."""
    if not comparison.order:
        return comparison
    allowed = tuple(level for level in comparison.order if comparison.allows_level(level))
    return Comparison(comparison.attribute, among=allowed)


def _comparison_implies(one: Comparison, other: Comparison) -> bool:
    values: Sequence[Any] | None = (one.equals,) if one.equals is not None else one.among
    if other.equals is not None and (values is None or set(values) != {other.equals}):
        return False
    if other.among is not None and (values is None or not set(values) <= set(other.among)):
        return False
    if other.at_least is not None and not _all(ge, values, one.at_least, other.at_least):
        return False
    if other.at_most is not None and not _all(le, values, one.at_most, other.at_most):
        return False
    if other.present is not None and other.present != (one.present is not False):
        return False
    after = other.within
    return after is None or (
        one.within is not None and one.within.after == after.after and one.within.days <= after.days
    )


def _all(holds: Callable[[Any, Any], bool], values: Iterable[Any] | None, bound: Any, wanted: Any) -> bool:
    """Whether the bound, or each of the values that there can be, is on that side of what is wanted."""
    try:
        if bound is not None and holds(bound, wanted):
            return True
        return values is not None and all(holds(value, wanted) for value in values)
    except TypeError:  # the attribute is of another type on either side, so that its values have no order
        return False
