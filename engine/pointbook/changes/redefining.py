"""A version in which declared conditions are others, or levels, wherever rules name them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.attributes import LEVEL, NO_LEVEL
from pointbook.model.conditions import attributes_in, with_declared, with_order
from pointbook.model.eligibility import with_eligibility
from pointbook.model.points.forms import with_level_order
from pointbook.reasoning.conditions import shared_conditions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pointbook.model.activities import EntryRule
    from pointbook.model.conditions import Condition
    from pointbook.model.program import Version


def relevelled(version: Version, levels: Iterable[str]) -> Version:
    """The version as it is with these levels, which conditions and tables by level go by."""
    if not _names_level(version):
        return version
    order = (NO_LEVEL, *levels)

    def ordered(entry: EntryRule) -> EntryRule:
        bonuses = (replace(bonus, percent=with_level_order(bonus.percent, order)) for bonus in entry.bonuses)
        return replace(entry, points=with_level_order(entry.points, order), bonuses=tuple(bonuses))

    def put(condition: Condition) -> Condition:
        return with_order(condition, order)

    return _with_conditions(
        replace(
            version,
            conditions=MappingProxyType({name: put(one) for name, one in version.conditions.items()}),
            activities=MappingProxyType(
                {
                    key: one.with_entries(ordered) if LEVEL in one.named_attributes else one
                    for key, one in version.activities.items()
                }
            ),
        ),
        put,
    )


def _names_level(version: Version) -> bool:
    shared = [one for _, one in shared_conditions_of(version)]
    return any(LEVEL in one.named_attributes for one in version.activities.values()) or any(
        LEVEL in attributes_in(condition) for condition in shared
    )


def redefined(version: Version, conditions: Mapping[str, Condition]) -> Version:
    """The version with these conditions declared, some of them in place of its own."""
    if not conditions:
        return version
    declared = {**version.conditions, **conditions}
    for _ in declared:  # one may name another, in so many steps at most
        declared = {name: with_declared(one, declared) for name, one in declared.items()}

    def put(condition: Condition) -> Condition:
        return with_declared(condition, declared)

    return _with_conditions(replace(version, conditions=MappingProxyType(declared)), put)


def _with_conditions(version: Version, put: Callable[[Condition], Condition]) -> Version:
    """The version with another condition in place of each, but for the declared ones."""

    def of(condition: Condition | None) -> Condition | None:
        return None if condition is None else put(condition)

    def within(entry: EntryRule) -> EntryRule:
        bonuses = tuple(replace(bonus, condition=put(bonus.condition)) for bonus in entry.bonuses)
        return replace(entry, bonuses=bonuses, condition=of(entry.condition))

    return replace(
        version,
        eligible_if=of(version.eligible_if),
        groups=MappingProxyType(
            {key: replace(one, eligible_if=of(one.eligible_if)) for key, one in version.groups.items()}
        ),
        benefits=MappingProxyType(
            {key: replace(one, condition=of(one.condition)) for key, one in version.benefits.items()}
        ),
        activities=MappingProxyType(
            {
                key: replace(one, eligible_if=of(one.eligible_if)).with_entries(within)
                for key, one in version.activities.items()
            }
        ),
    )


def as_asked(version: Version) -> Version:
    """The version in which each activity asks itself for all that must hold for its events."""
    return replace(
        version,
        eligible_if=None,
        groups=MappingProxyType({key: replace(one, eligible_if=None) for key, one in version.groups.items()}),
        activities=MappingProxyType(
            {key: with_eligibility(version, one) for key, one in version.activities.items()}
        ),
    )
