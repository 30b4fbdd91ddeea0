"""A version in which declared conditions are others, wherever their names stand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.conditions import with_declared
from pointbook.model.eligibility import with_eligibility

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.conditions import Condition
    from pointbook.model.program import Version


def redefined(version: Version, conditions: Mapping[str, Condition]) -> Version:
    """The version with these conditions declared, some of them in place of its own."""
    if not conditions:
        return version
    declared = {**version.conditions, **conditions}
    for _ in declared:  # one may name another, in so many steps at most
        declared = {name: with_declared(one, declared) for name, one in declared.items()}

    def put(condition: Condition | None) -> Condition | None:
        return None if condition is None else with_declared(condition, declared)

    return replace(
        version,
        conditions=MappingProxyType(declared),
        eligible_if=put(version.eligible_if),
        groups=MappingProxyType(
            {key: replace(one, eligible_if=put(one.eligible_if)) for key, one in version.groups.items()}
        ),
        benefits=MappingProxyType(
            {key: replace(one, condition=put(one.condition)) for key, one in version.benefits.items()}
        ),
        activities=MappingProxyType(
            {
                key: replace(
                    one,
                    eligible_if=put(one.eligible_if),
                    bonuses=tuple(
                        replace(bonus, condition=with_declared(bonus.condition, declared))
                        for bonus in one.bonuses
                    ),
                )
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
