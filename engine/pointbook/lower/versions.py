"""A resolved version's document as a frozen `Version`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.lower.conditions import attribute_types, attributes_in, condition_from
from pointbook.lower.shared_parts import attributes_from, described, rules_from, source_from
from pointbook.model.amounts import plainest, with_places
from pointbook.model.conditions import ALWAYS
from pointbook.model.points import points_from, table_from
from pointbook.model.program import Version
from pointbook.model.rules import (
    Activity,
    Benefit,
    Bonus,
    Cap,
    Demotion,
    Group,
    LeapDay,
    Level,
    LifeCycle,
    Path,
    Removal,
    Source,
)
from pointbook.model.sections import Section
from pointbook.model.windows import CapKind, Per
from pointbook.source.document import Node, sha256_of
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.attributes import Attribute, AttributeType
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

    def level(part: Node, about: dict[str, Any]) -> Level:
        return Level(threshold=with_places(part.value("threshold"), places(level_balance)), **about)

    def activity(part: Node, about: dict[str, Any]) -> Activity:
        balance = part.value("balance") or level_balance
        return _activity(part, about, balance, places(balance), shared, member_attributes, page)

    fed = {
        item.content: one.value("balance") or level_balance
        for one in node.entries(Section.ACTIVITIES).values()
        for item in one.listed("groups")
    }

    def group(part: Node, about: dict[str, Any]) -> Group:
        return Group(caps=_caps(part, page, places(fed.get(about["id"], level_balance))), **about)

    levels = rules_from(node, Section.LEVELS, page, level)

    return Version(
        id=document.id,
        title=plain.get("title"),
        effective_from=date_from(plain["effective_from"]) if "effective_from" in plain else date.max,
        announced_on=date_from(plain["announced_on"]) if "announced_on" in plain else None,
        based_on=document.based_on,
        levels=MappingProxyType(dict(sorted(levels.items(), key=lambda item: item[1].threshold))),
        activities=rules_from(node, Section.ACTIVITIES, page, activity),
        groups=rules_from(node, Section.GROUPS, page, group),
        benefits=rules_from(
            node,
            Section.BENEFITS,
            page,
            lambda part, about: Benefit(from_level=part.value("from_level"), **about),
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
        positions=document.resolved.positions(),
        sha256=sha256_of(document.resolved),
        incomplete=incomplete,
    )


def _life_cycle(node: Node, page: Source | None) -> LifeCycle:
    return LifeCycle(
        demotion=Demotion(node.value("demotion")),
        leap_day=LeapDay(node.value("leap_day")),
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


def _caps(node: Node, page: Source | None, places: int) -> tuple[Cap, ...]:
    return tuple(_cap(part, page, places) for part in node.listed("caps"))


def _cap(node: Node, page: Source | None, places: int) -> Cap:
    kind = CapKind.POINTS if node.get("points") is not None else CapKind.TIMES
    limit = node.value(kind.value)
    limit = with_places(limit, places) if kind is CapKind.POINTS else limit
    return Cap(kind=kind, limit=limit, per=Per(node.value("per")), **described(node, page))


def _activity(  # noqa: PLR0913, PLR0917 - what its program and version say, too
    node: Node,
    about: dict[str, Any],
    balance: str,
    places: int,
    shared: Mapping[str, Attribute],
    member_attributes: Mapping[str, Attribute],
    page: Source | None,
) -> Activity:
    own = attributes_from(node, "attributes")
    types = attribute_types({**shared, **own}, member_attributes)
    eligible_if = node.get("eligible_if")
    activity = Activity(
        balance=balance,
        points=points_from(node.content["points"].plain(), places),
        attributes=own,
        eligible_if=None if eligible_if is None else condition_from(eligible_if, types),
        bonuses=tuple(_bonus(part, types, places, page) for part in node.listed("bonuses")),
        split_among=node.value("split_among"),
        caps=_caps(node, page, places),
        groups=tuple(part.content for part in node.listed("groups")),
        places=places,
        **about,
    )
    if not shared:
        return activity
    named = {need.name for need in activity.needs}
    for condition in (activity.eligible_if, *(bonus.condition for bonus in activity.bonuses)):
        named.update(() if condition is None else attributes_in(condition))
    known = {name: attribute for name, attribute in shared.items() if name in named} | dict(own)
    return replace(activity, attributes=MappingProxyType(known))


def _bonus(node: Node, types: Mapping[str, AttributeType], places: int, page: Source | None) -> Bonus:
    condition, percent = node.get("if"), node.value("percent")
    return Bonus(
        points=with_places(node.value("points") or 0, places),
        condition=ALWAYS if condition is None else condition_from(condition, types),
        percent=table_from(percent["by"]) if isinstance(percent, dict) else plainest(percent or 0),
        **described(node, page),
    )
