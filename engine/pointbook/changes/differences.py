"""Every difference in meaning between two versions.

    for change in changes_between(old, new):
        print(change.direction, change.sentence)

Only meaning counts: versions that are written otherwise, but mean the same, have no changes. What
differs between whole programs is found by `timeline`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.finders.activities import activity_changes
from pointbook.changes.finders.benefits import benefit_changes
from pointbook.changes.finders.conditions import condition_changes, redefinition_changes
from pointbook.changes.finders.groups import group_changes
from pointbook.changes.finders.header import header_changes
from pointbook.changes.finders.levels import level_changes
from pointbook.changes.finders.life_cycle import life_cycle_changes
from pointbook.changes.redefining import redefined, relevelled
from pointbook.changes.subject import Pair

if TYPE_CHECKING:
    from pointbook.changes.change import Change
    from pointbook.changes.directions import Judgement
    from pointbook.model.program import Program, Version

PARTS = (
    level_changes,
    benefit_changes,
    life_cycle_changes,
    activity_changes,
    group_changes,
    condition_changes,
    header_changes,
)
"""What is compared, in the order in which changes are listed."""


def changes_between(
    old: Version, new: Version, programs: tuple[Program, ...] = (), instead: Judgement | None = None
) -> tuple[Change, ...]:
    """The changes that make `old` into `new`, by part and then by name.

    Args:
        old: One version.
        new: Another one.
        programs: The program of each. Without them, a deduction from whatever balance is taken to be
            adverse, and nothing is known of the versions before and after.
        instead: What it does that the version takes effect on another day, where it does.
    """
    pair = Pair(old, new, programs, instead)
    redefinitions = tuple(redefinition_changes(pair))
    # What else differs does so with the declared conditions of the new version.
    common = {name: one for name, one in new.conditions.items() if old.conditions.get(name, one) != one}
    pair = Pair(relevelled(redefined(old, common), new.levels), new, programs, instead)
    return (*(change for part in PARTS for change in part(pair)), *redefinitions)
