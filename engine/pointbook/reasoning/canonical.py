"""Conditions in one form, so that the order in which they are written does not count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from pointbook.model.conditions import All, AnyOf, Comparison, Not

if TYPE_CHECKING:
    from pointbook.model.conditions import Condition


def canonical_condition(condition: Condition) -> Condition:
    """The condition with its parts and value lists sorted, each part once."""
    match condition:
        case All() | AnyOf():
            parts = {repr(part): part for part in map(canonical_condition, condition.parts)}
            if len(parts) == 1:
                return next(iter(parts.values()))
            return type(condition)(tuple(parts[key] for key in sorted(parts)))
        case Not():
            return Not(canonical_condition(condition.part))
        case Comparison():
            values = {repr(value): value for value in condition.among or ()}
            if not values:
                return condition
            return replace(condition, among=tuple(values[key] for key in sorted(values)))
    assert_never(condition)
