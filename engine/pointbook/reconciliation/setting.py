"""By what figures are evaluated: ours, or as another system may do it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.interpret import Interpreter, MemberFold
from pointbook.reconciliation.published import LEVEL, Figures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Assume, Standing
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program, Version


class LevelShown(StrEnum):
    """Which level a system shows."""

    HELD = "held"
    EARNED = "earned"


@dataclass(frozen=True, slots=True)
class Setting:
    """By what figures are evaluated.

    Attributes:
        program: The rules.
        version: Id of the version that is taken to have always been in force, None for each on its date.
        assume: What a missing assessed value is taken to be.
        as_of: The last day that counts.
        level: Which level is shown.
    """

    program: Program
    version: str | None
    assume: Assume
    as_of: date
    level: LevelShown = LevelShown.HELD


def with_versions(setting: Setting, change: Callable[[Version], Version]) -> Setting:
    """The setting with every version changed."""
    program = setting.program
    return replace(setting, program=replace(program, versions=tuple(map(change, program.versions))))


def with_activities(setting: Setting, change: Callable[[Activity], Activity]) -> Setting:
    """The setting with every activity of every version changed."""

    def changed(version: Version) -> Version:
        activities = {name: change(activity) for name, activity in version.activities.items()}
        return replace(version, activities=MappingProxyType(activities))

    return with_versions(setting, changed)


class Evaluator:
    """Gives the figures of members under a setting."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.interpreter = Interpreter(setting.program, setting.version, setting.assume)

    def figures(self, member: Member, events: Sequence[Event], day: date) -> Figures:
        """A member's figures at the end of a day; none for a member who signs up later."""
        standing = self.standing(member, events, day)
        if standing is None:
            return {}
        level = standing.level if self._setting.level is LevelShown.HELD else standing.earned_level
        own = self._setting.program.level_balance
        return {own: standing.points, **standing.balances, LEVEL: level}

    def standing(self, member: Member, events: Sequence[Event], day: date) -> Standing | None:
        """A member's standing at the end of a day; None for one who signs up later."""
        fold = MemberFold(self.interpreter, min(day, self._setting.as_of), member)
        fold.rows(events)
        return fold.closed()[1]
