"""Two states of the rules that are to be told apart, and what can be done by them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pointbook.model.eligibility import with_eligibility
from pointbook.model.windows import CapKind
from pointbook.mutation.happenings import stories_of_one
from pointbook.mutation.story import came_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.model.activities import Activity
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Cap
    from pointbook.mutation.edits import Edit
    from pointbook.mutation.story import Came, Story

MOST_EVENTS = 60
"""So many events has a story at most."""

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
        if self.version.life_cycle.leap_day is not self.changed.life_cycle.leap_day:
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
            return tuple(key for key, one in here.items() if self.edit.rule in one.balances)
        return tuple(here)

    def rules(self, activity: str) -> list[Activity]:
        """The activity by either state, as far as it has it, with all that must hold for its events."""
        return [
            with_eligibility(version, version.activities[activity])
            for version in (self.version, self.changed)
            if activity in version.activities
        ]

    def singles(
        self, activity: str, day: date | None = None, quantities: tuple[int, ...] = ()
    ) -> list[Story]:
        """Stories of one event of an activity."""
        rules = self.rules(activity)
        return (
            stories_of_one(rules, self.today, self.signed_up_on, day or self.day, quantities) if rules else []
        )

    @cached_property
    def _outcomes(self) -> dict[str, list[tuple[Story, Mapping[str, Came]]]]:
        return {}

    def outcomes(self, activity: str) -> list[tuple[Story, Mapping[str, Came]]]:
        """What comes of one event of it, by balance: every way that is tried."""
        if activity not in self._outcomes:
            stories = self.singles(activity, quantities=tuple(self._quantities(activity)))
            self._outcomes[activity] = list(zip(stories, came_of(stories, self.today), strict=True))
        return self._outcomes[activity]

    def awarded(self, activity: str, balance: str | None = None) -> list[tuple[int, Story]]:
        """What can be had for one event of it: each amount that is not 0, the plainest way to it, by size.

        Args:
            activity: Of the version.
            balance: The one that is looked at; None for whatever the event changes first.
        """
        found: dict[int, Story] = {}
        for story, came in self.outcomes(activity):
            own = [one for name, one in came.items() if one.awarded and balance in (None, name)]
            for one in own[:1]:
                found.setdefault(one.awarded, story)
        return sorted(found.items(), key=lambda pair: pair[0])

    def gives(self, story: Story, balance: str) -> int:
        """What a story of one event gives in a balance."""
        came = next(came for one, came in self.outcomes(story.events[0].activity) if one == story)
        return came[balance].awarded if balance in came else 0

    def _quantities(self, activity: str) -> Iterator[int]:
        """How many units bring a limit or a threshold near."""
        limits = [cap.limit for cap, _ in self.caps(activity) if cap.kind is CapKind.POINTS]
        for level in (*self.version.levels.values(), *self.changed.levels.values()):
            limits += [
                level.threshold,
                *(least for way in (*level.requires, *level.keep) for _, least in way),
            ]
        for rule in self.rules(activity)[:1]:
            for need in rule.needs:
                if need.worth > 0:
                    near = (int(limit // need.worth) for limit in limits if limit >= need.worth)
                    yield from dict.fromkeys(near)

    def caps(self, activity: str) -> list[tuple[Cap, str | None]]:
        """The caps that the activity meets by either state, each with the balance that it limits.

        That is None for one that counts how often something is given.
        """
        met: dict[tuple[Cap, str | None], None] = {}
        for version in (self.version, self.changed):
            if (rule := version.activities.get(activity)) is None:
                continue
            fed = next((entry.balance for entry in rule.entries if not entry.is_spend), None)
            for one in version.caps_met_by(rule):
                met[one.cap, (one.cap.balance or fed) if one.cap.kind is CapKind.POINTS else None] = None
            met |= {(cap, entry.balance): None for entry in rule.entries for cap in entry.caps}
        return list(met)


def _leap_days(year: int) -> Iterator[date]:
    """Every 29 February from a year on."""
    return (date(later, 2, 29) for later in range(year, year + 13) if calendar.isleap(later))
