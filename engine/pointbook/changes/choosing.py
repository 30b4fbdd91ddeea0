"""Which kind a change is of, by what becomes of a value or of a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from pointbook.reasoning.implication import ConditionRelation, relation

if TYPE_CHECKING:
    from pointbook.changes.kinds import Kind
    from pointbook.model.conditions import Condition


def kind_by_presence(values: tuple[Any, Any], added: Kind, removed: Kind, changed: Kind) -> Kind:
    """The kind for a value that a rule need not state: None where it does not."""
    return added if values[0] is None else removed if values[1] is None else changed


def kind_by_relation(
    conditions: tuple[Condition, Condition], widened: Kind, narrowed: Kind, changed: Kind
) -> Kind | None:
    """The kind for a condition that is another one; None where both mean the same."""
    match relation(*conditions):
        case ConditionRelation.SAME:
            return None
        case ConditionRelation.WIDER:
            return widened
        case ConditionRelation.NARROWER:
            return narrowed
        case ConditionRelation.UNKNOWN:
            return changed
        case _ as never:
            assert_never(never)
