"""What must hold for an activity's events: what its version, its groups and itself ask for, all of it once.

Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.model.conditions import All

if TYPE_CHECKING:
    from pointbook.model.activities import Activity
    from pointbook.model.conditions import Condition
    from pointbook.model.program import Version
    from pointbook.model.rules import Path


def eligibility_of(version: Version, activity: Activity) -> tuple[tuple[Path, Condition], ...]:
    """All that must hold for an event of the activity, in order, each with where it is written."""
    found: list[tuple[Path, Condition | None]] = [(("eligible_if",), version.eligible_if)]
    found += [
        (("groups", group, "eligible_if"), version.groups[group].eligible_if)
        for group in activity.groups
        if group in version.groups
    ]
    found.append((("activities", activity.id, "eligible_if"), activity.eligible_if))
    return tuple((path, condition) for path, condition in found if condition is not None)


def with_eligibility(version: Version, activity: Activity) -> Activity:
    """The activity with all that must hold for its events as its own condition."""
    conditions = [condition for _, condition in eligibility_of(version, activity)]
    if not conditions or (len(conditions) == 1 and activity.eligible_if is not None):
        return activity
    return replace(activity, eligible_if=conditions[0] if len(conditions) == 1 else All(tuple(conditions)))


def looks_at_level(version: Version) -> bool:
    """Whether what an event comes to can depend on the level held just before it."""
    return any(with_eligibility(version, one).looks_at_level for one in version.activities.values())
