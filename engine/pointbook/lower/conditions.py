"""Conditions from their documents, with dates where the attribute is one, and what types there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from pointbook.lower.shared_parts import typed
from pointbook.model.attributes import MEMBER_PREFIX, OCCURRED_ON, AttributeType
from pointbook.model.conditions import All, AnyOf, Comparison, Condition, Not, Within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.model.attributes import Attribute
    from pointbook.source.document import Node


def attribute_types(
    declared: Mapping[str, Attribute], of_members: Mapping[str, Attribute]
) -> Mapping[str, AttributeType]:
    """Type of every attribute that an activity's rules can name.

    Args:
        declared: The activity's own attributes.
        of_members: Those of the program's members.
    """
    return {
        **{name: attribute.type for name, attribute in declared.items()},
        **{f"{MEMBER_PREFIX}{name}": attribute.type for name, attribute in of_members.items()},
        OCCURRED_ON: AttributeType.DATE,
    }


def condition_from(node: Node, types: Mapping[str, AttributeType]) -> Condition:
    """The condition that `node` writes.

    Args:
        node: A document that fits the schema.
        types: Types by attribute name, member attributes with their prefix. A value that does not
            fit its attribute is left as written, for the checks to find.
    """
    if (parts := node.get("all")) is not None:
        return All(tuple(condition_from(part, types) for part in parts.content))
    if (parts := node.get("any")) is not None:
        return AnyOf(tuple(condition_from(part, types) for part in parts.content))
    if (part := node.get("not")) is not None:
        return Not(condition_from(part, types))
    return _comparison(node.plain(), types)


def _comparison(plain: dict[str, Any], types: Mapping[str, AttributeType]) -> Comparison:
    attribute = plain["attribute"]
    is_date = types.get(attribute) is AttributeType.DATE
    among = plain.get("in")
    within = plain.get("within")
    return Comparison(
        attribute=attribute,
        equals=typed(plain.get("is"), is_date=is_date),
        among=None if among is None else tuple(typed(value, is_date=is_date) for value in among),
        at_least=typed(plain.get("at_least"), is_date=is_date),
        at_most=typed(plain.get("at_most"), is_date=is_date),
        present=plain.get("present"),
        within=None if within is None else Within(within["days"], within["after"]),
    )


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
