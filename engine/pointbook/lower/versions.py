"""A resolved version's document as a frozen `Version`."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.lower.activities import activity_from, balances_in, caps_from
from pointbook.lower.conditions import Known, attribute_types, condition_from
from pointbook.lower.levels import level_from
from pointbook.lower.shared_parts import attributes_from, rules_from, source_from
from pointbook.model.attributes import NO_LEVEL
from pointbook.model.conditions import attributes_in
from pointbook.model.levels import in_order
from pointbook.model.program import Version
from pointbook.model.rules import (
    Benefit,
    Demotion,
    Group,
    LeapDay,
    LifeCycle,
    Path,
    Removal,
    Source,
)
from pointbook.model.sections import Section
from pointbook.source.document import Node, sha256_of
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.activities import Activity
    from pointbook.model.attributes import Attribute
    from pointbook.model.conditions import Condition
    from pointbook.model.program import Balance


def version_from(
    document: VersionDocument,
    level_balance: str,
    member_attributes: Mapping[str, Attribute],
    incomplete: frozenset[Path] = frozenset(),
    balances: Mapping[str, Balance] | None = None,
) -> Version:
    """The version that `document` resolves to.

    Args:
        document: Resolved, and fitting the schema apart from what lies under `incomplete`.
        level_balance: The balance that activities feed which name none.
        member_attributes: As the program declares them, for the types of conditions.
        incomplete: Paths of rules to leave out, because they do not fit the schema. A version that
            comes without a date is placed after all others, one without a life cycle has the default.
        balances: As the program declares them, for the places of their amounts; None where none has any.
    """
    assert document.resolved is not None
    node = document.resolved.without(incomplete)
    page = source_from(node, None)
    plain = {key: value.plain() for key, value in node.content.items() if not value.is_mapping}
    life_cycle = node.get(Section.LIFE_CYCLE)
    shared = attributes_from(node, "attributes")

    def places(balance: str) -> int:
        return balances[balance].decimals if balances is not None and balance in balances else 0

    levels = in_order(
        rules_from(
            node,
            Section.LEVELS,
            page,
            lambda part, about: level_from(part, about, level_balance, places),
        ).values()
    )
    declared = node.entries("conditions")

    def known(attributes: Mapping[str, Attribute]) -> Known:
        return Known(attribute_types(attributes, member_attributes), declared, (NO_LEVEL, *levels))

    def condition(part: Node, key: str, attributes: Mapping[str, Attribute]) -> Condition | None:
        found = part.get(key)
        return None if found is None else condition_from(found, known(attributes))

    every = dict(shared)
    for one in node.entries(Section.ACTIVITIES).values():
        every |= attributes_from(one, "attributes")

    fed = {
        item.content: balances_in(one, level_balance)[0]
        for one in node.entries(Section.ACTIVITIES).values()
        for item in one.listed("groups")
    }

    def group(part: Node, about: dict[str, Any]) -> Group:
        caps = caps_from(part, page, places, fed.get(about["id"], level_balance))
        return Group(caps=caps, eligible_if=condition(part, "eligible_if", every), **about)

    groups = rules_from(node, Section.GROUPS, page, group)
    eligible_if = condition(node, "eligible_if", every)

    def activity(part: Node, about: dict[str, Any]) -> Activity:
        own = attributes_from(part, "attributes")
        named = (item.content for item in part.listed("groups"))
        asked = [eligible_if, *(groups[key].eligible_if for key in named if key in groups)]
        return activity_from(
            part,
            about,
            level_balance,
            places,
            shared,
            own,
            known({**shared, **own}),
            page,
            frozenset().union(*(attributes_in(one) for one in asked if one is not None)),
        )

    return Version(
        id=document.id,
        title=plain.get("title"),
        effective_from=date_from(plain["effective_from"]) if "effective_from" in plain else date.max,
        announced_on=date_from(plain["announced_on"]) if "announced_on" in plain else None,
        based_on=document.based_on,
        levels=levels,
        activities=rules_from(node, Section.ACTIVITIES, page, activity),
        groups=groups,
        benefits=rules_from(
            node,
            Section.BENEFITS,
            page,
            lambda part, about: Benefit(
                from_level=part.value("from_level"), condition=condition(part, "if", {}), **about
            ),
        ),
        life_cycle=LifeCycle() if life_cycle is None else _life_cycle(life_cycle, page),
        note=plain.get("note"),
        source=page,
        attributes=shared,
        removes=_removes(node, page),
        replaces=MappingProxyType(
            {
                key: part.value("replaces")
                for key, part in node.entries(Section.ACTIVITIES).items()
                if part.get("replaces") is not None
            }
        ),
        conditions=MappingProxyType(
            {name: condition_from(part, known(every), (name,)) for name, part in declared.items()}
        ),
        eligible_if=eligible_if,
        positions=document.resolved.positions(),
        sha256=sha256_of(document.resolved),
        incomplete=incomplete,
    )


def _life_cycle(node: Node, page: Source | None) -> LifeCycle:
    return LifeCycle(
        demotion=Demotion(node.value("demotion") or Demotion.TO_EARNED),
        leap_day=LeapDay(node.value("leap_day") or LeapDay.FEB_28),
        is_stated=node.value("not_stated") is None,
        note=node.value("note"),
        source=source_from(node, page),
    )


def _removes(node: Node, page: Source | None) -> Mapping[Section, Mapping[str, Removal]]:
    return MappingProxyType(
        {
            Section(section): MappingProxyType(
                {
                    key: Removal(key, part.value("note"), source_from(part, page))
                    for key, part in entries.content.items()
                }
            )
            for section, entries in node.entries("removes").items()
        }
    )
