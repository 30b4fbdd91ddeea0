"""Two states of the rules that are to be told apart, and what can be done by them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pointbook.model.windows import CapKind
from pointbook.mutation.happenings import stories_of_one
from pointbook.mutation.story import Story, awarded_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Cap
    from pointbook.mutation.edits import Edit

_EARLY_MONTHS = 6


@dataclass(frozen=True)
class Ground:
    """Two states of the rules that are to be told apart.

    Attributes:
        edit: The slip.
        today: The rules up to the version that has it.
        other: The same with the slip.
        version: The version that has it, without it.
        changed: That version with it.
    """

    edit: Edit
    today: Program
    other: Program
    version: Version
    changed: Version

    @cached_property
    def signed_up_on(self) -> date:
        """A day of the version, early in a year and in a month, so that periods and windows end apart.

        Where it is about them, a 29 February.
        """
        day = max(self.version.effective_from, self.changed.effective_from)
        if self.edit.path == ("life_cycle", "leap_day"):
            return next(leap for leap in _leap_days(day.year) if leap >= day)
        tenths = (
            date(day.year + more, month, 10) for more in (0, 1) for month in range(1, _EARLY_MONTHS + 1)
        )
        return next(tenth for tenth in tenths if tenth >= day)

    @cached_property
    def day(self) -> date:
        """The day on which single events happen."""
        return self.signed_up_on + timedelta(1)

    @cached_property
    def activities(self) -> tuple[str, ...]:
        """The activities concerned, in the order of the file; all of them where no single one is."""
        here = self.version.activities
        if self.edit.activity is not None:
            return (self.edit.activity,)
        if self.edit.path[0] == "groups":
            return tuple(key for key, one in here.items() if self.edit.rule in one.groups)
        if self.edit.path[0] == "balances":
            return tuple(key for key, one in here.items() if one.sole.balance == self.edit.rule)
        return tuple(here)

    def rules(self, activity: str) -> list[Activity]:
        """The activity by either state, as far as it has it."""
        both = (self.version.activities.get(activity), self.changed.activities.get(activity))
        return [rule for rule in both if rule is not None]

    def singles(
        self, activity: str, day: date | None = None, quantities: tuple[int, ...] = ()
    ) -> list[Story]:
        """Stories of one event of an activity."""
        rules = self.rules(activity)
        return (
            stories_of_one(rules, self.today, self.signed_up_on, day or self.day, quantities) if rules else []
        )

    def awarded(self, activity: str) -> list[tuple[int, Story]]:
        """What can be had for one event of it: each amount that is not 0, the plainest way to it, by size."""
        stories = self.singles(activity, quantities=tuple(self._quantities(activity)))
        found: dict[int, Story] = {}
        for amount, story in zip(awarded_in(stories, self.today), stories, strict=True):
            if amount:
                found.setdefault(amount, story)
        return sorted(found.items(), key=lambda pair: pair[0])

    def _quantities(self, activity: str) -> Iterator[int]:
        """How many units bring a limit or a threshold near."""
        limits = [cap.limit for cap in self.caps(activity) if cap.kind is CapKind.POINTS]
        limits += [level.threshold for level in self.version.levels.values()]
        for rule in self.rules(activity)[:1]:
            for need in rule.sole.points.needs:
                if need.worth > 0:
                    yield from (int(limit // need.worth) for limit in limits if limit >= need.worth)

    def caps(self, activity: str) -> list[Cap]:
        """The caps that the activity meets by either state."""
        met = [
            one.cap
            for version in (self.version, self.changed)
            if (rule := version.activities.get(activity)) is not None
            for one in version.caps_met_by(rule)
        ]
        return list(dict.fromkeys(met))


def _leap_days(year: int) -> Iterator[date]:
    """Every 29 February from a year on."""
    return (date(later, 2, 29) for later in range(year, year + 13) if calendar.isleap(later))
