"""Every difference in meaning between two versions.

    for change in changes_between(old, new):
        print(change.direction, change.sentence)

Only meaning counts: versions that are written otherwise, but mean the same, have no changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.activities import activity_changes
from pointbook.changes.benefits import benefit_changes
from pointbook.changes.groups import group_changes
from pointbook.changes.header import header_changes
from pointbook.changes.levels import level_changes
from pointbook.changes.life_cycle import life_cycle_changes
from pointbook.changes.subject import Pair

if TYPE_CHECKING:
    from pointbook.changes.change import Change
    from pointbook.model.program import Version

PARTS = (level_changes, benefit_changes, life_cycle_changes, activity_changes, group_changes, header_changes)
"""What is compared, in the order in which changes are listed."""


def changes_between(old: Version, new: Version, level_balance: str | None = None) -> tuple[Change, ...]:
    """The changes that make `old` into `new`, by part and then by name.

    Args:
        old: One version.
        new: Another one.
        level_balance: The balance that decides levels. Without it, a deduction from whatever balance
            is taken to be adverse.
    """
    pair = Pair(old, new, level_balance)
    return tuple(change for part in PARTS for change in part(pair))
