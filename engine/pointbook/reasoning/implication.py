"""Whether one condition holds whenever another does, as far as their form shows it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from pointbook.model.conditions import All, AnyOf, Comparison, Not
from pointbook.reasoning.conditions import canonical_condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.model.conditions import Condition, Within


class Relation(Enum):
    """How a new condition relates to an old one."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"
    UNKNOWN = "unknown"


def relation(old: Condition, new: Condition) -> Relation:
    """Whether `new` holds in more cases than `old`, in fewer, or neither can be told."""
    old, new = canonical_condition(old), canonical_condition(new)
    if old == new:
        return Relation.SAME
    if implies(old, new):
        return Relation.WIDER
    return Relation.NARROWER if implies(new, old) else Relation.UNKNOWN


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
        return _comparison_implies(one, other)
    return False


def _comparison_implies(one: Comparison, other: Comparison) -> bool:
    values: Sequence[Any] | None = (one.equals,) if one.equals is not None else one.among
    if other.equals is not None and (values is None or set(values) != {other.equals}):
        return False
    if other.among is not None and (values is None or not set(values) <= set(other.among)):
        return False
    if other.at_least is not None and not _all_at_least(values, one.at_least, other.at_least):
        return False
    if other.at_most is not None and not _all_at_most(values, one.at_most, other.at_most):
        return False
    if other.present is not None and other.present != _present(one):
        return False
    return other.within is None or _within_implies(one.within, other.within)


def _all_at_least(values: Sequence[Any] | None, bound: Any, wanted: Any) -> bool:
    return (bound is not None and bound >= wanted) or (
        values is not None and all(value >= wanted for value in values)
    )


def _all_at_most(values: Sequence[Any] | None, bound: Any, wanted: Any) -> bool:
    return (bound is not None and bound <= wanted) or (
        values is not None and all(value <= wanted for value in values)
    )


def _present(comparison: Comparison) -> bool:
    """Whether the attribute is given wherever the comparison holds."""
    return comparison.present is not False


def _within_implies(one: Within | None, other: Within) -> bool:
    return one is not None and one.after == other.after and one.days <= other.days
