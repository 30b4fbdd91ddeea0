"""Conditions from their documents, with dates where the attribute is one, and what types there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pointbook.lower.shared_parts import typed
from pointbook.model.attributes import LEVEL, MEMBER_PREFIX, OCCURRED_ON, AttributeType
from pointbook.model.conditions import ALWAYS, All, AnyOf, Comparison, Condition, Not, Within

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        LEVEL: AttributeType.TEXT,
    }


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions can name.

    Attributes:
        types: Types by attribute name, member attributes with their prefix. A value that does not
            fit its attribute is left as written, for the checks to find.
        declared: Documents of the conditions that the version declares, by name.
        levels: What a held level can be, from the lowest.
    """

    types: Mapping[str, AttributeType]
    declared: Mapping[str, Node]
    levels: tuple[str, ...]


def condition_from(node: Node, known: Known, inside: tuple[str, ...] = ()) -> Condition:
    """The condition that `node` writes, with those that it names in their place.

    One that is not declared, or that is part of itself, always holds, for the checks to find.

    Args:
        node: A document that fits the schema.
        known: What it can name.
        inside: Names of the declared conditions that it is part of.
    """
    if isinstance(node.content, str):
        return _declared(node.content, known, inside)
    if (parts := node.get("all")) is not None:
        return All(tuple(condition_from(part, known, inside) for part in parts.content))
    if (parts := node.get("any")) is not None:
        return AnyOf(tuple(condition_from(part, known, inside) for part in parts.content))
    if (part := node.get("not")) is not None:
        return Not(condition_from(part, known, inside))
    return _comparison(node.plain(), known)


def _declared(name: str, known: Known, inside: tuple[str, ...]) -> Condition:
    if name not in known.declared or name in inside:
        return replace(ALWAYS, name=name)
    found = condition_from(known.declared[name], known, (*inside, name))
    return replace(found, name=name) if found.name is None else All((found,), name=name)


def _comparison(plain: dict[str, Any], known: Known) -> Comparison:
    attribute, types = plain["attribute"], known.types
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
        order=known.levels if attribute == LEVEL else (),
    )
