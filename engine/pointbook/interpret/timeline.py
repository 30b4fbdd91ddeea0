"""The versions of a program as rules that are ready to be applied, and which is in force when."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from pointbook.interpret.conditions import holds
from pointbook.interpret.levels import Ladder
from pointbook.interpret.limits import Limit, limits_of
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.attributes import LEVEL, NO_LEVEL, Value, defaults_of
from pointbook.model.conditions import Condition
from pointbook.model.eligibility import with_eligibility
from pointbook.model.log import Attributes, Event, Member
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import LeapDay


class Part(NamedTuple):
    """An entry of an activity, ready to be applied.

    Attributes:
        rule: How its amount is found.
        place: Of its balance among all.
        balance: The balance that it feeds, or takes from.
        limits: The caps that limit it.
    """

    rule: EntryRule
    place: int
    balance: Balance
    limits: tuple[Limit, ...]


class ReadyVersion(NamedTuple):
    """One version, ready to be applied.

    Attributes:
        version: The version.
        activities: Its activities by the ids that events may name them by, each with all that must hold.
        parts: What an event gives and takes, by activity: first what it spends, then the file's order.
        defaults: What attributes of an event are taken to be that are not given, by activity; the level
            is among them, as none, where what the event comes to depends on it.
        ladder: Its levels.
        benefits: Ids of what a level brings, by code point, by level.
        asked: What must hold too for a benefit, of those of which something must.
    """

    version: Version
    activities: Mapping[str, Activity]
    parts: Mapping[str, tuple[Part, ...]]
    defaults: Mapping[str, Attributes]
    ladder: Ladder
    benefits: Mapping[str | None, tuple[str, ...]]
    asked: Mapping[str, Condition]

    def benefits_of(self, level: str | None, member: Member, day: date) -> tuple[str, ...]:
        """Ids of what a member has who holds the level on that day."""
        tied = self.benefits[level]
        if not self.asked:
            return tied
        held: dict[str, Value | date] = {LEVEL: level or NO_LEVEL}
        moment = datetime.combine(day, time.min)
        on_day, as_seen = Event(member.id, moment, "", moment, "", None, held), member.on(day)
        return tuple(
            name for name in tied if name not in self.asked or holds(self.asked[name], on_day, as_seen)
        )


class Timeline:
    """Which version is in force when.

    Attributes:
        books: The versions that can be in force, by their dates; one only where it is fixed.
        fixed: Whether one version is taken to have always been in force.
        references: For each of the versions under which assessed values were given, by their dates, its
            activities by the ids that events may name them by.
        later_starts: When those of them after the first take effect.
        refers: Whether a value can have been given under another version than the one in force.
    """

    def __init__(
        self, program: Program, version_id: str | None, references: tuple[Version, ...] | None = None
    ) -> None:
        """Prepare the rules.

        Args:
            program: The rules.
            version_id: The version that is taken to have always been in force, if one is.
            references: The versions under which assessed values were given; None for the program's.

        Raises:
            LookupError: The program has no version `version_id`.
        """
        self.fixed = version_id is not None
        self.refers = self.fixed or references is not None
        self._given_under = program.versions if references is None else references
        fixed = None if version_id is None else program.version(version_id)
        if self.fixed and fixed is None:
            raise LookupError(version_id)
        versions = program.versions if fixed is None else (fixed,)
        self._starts = [date.min] if self.fixed else [version.effective_from for version in versions]
        self._next_starts = [*self._starts, date.max]
        self.later_starts = [version.effective_from for version in self._given_under[1:]]
        # Only where one version is fixed do events name its activities by other ids.
        by_id = program.activities_by_any_id
        self.books = tuple(
            _ready(version, by_id(version) if self.fixed else version.activities, program)
            for version in versions
        )
        self.references = [
            by_id(version) if self.refers else version.activities for version in self._given_under
        ]

    def on(self, day: date) -> int:
        """Index of the version in force on `day`, -1 before the first."""
        return bisect_right(self._starts, day) - 1

    def version_on(self, day: date) -> Version | None:
        """The version in force on `day`; None before the first."""
        index = self.on(day)
        return self.books[index].version if index >= 0 else None

    def next_start(self, version: int) -> date:
        """The day on which the version after `version` takes effect; the last day there is if none."""
        return self._next_starts[version + 1]

    def reference(self, day: date) -> Version:
        """The version under which a value of that day was given; before the first, the first."""
        return self._given_under[bisect_right(self.later_starts, day)]

    def given_under(self, day: date, activity_id: str) -> Activity | None:
        """The rule of the reference version for an event of that day; None where it has none."""
        return self.references[bisect_right(self.later_starts, day)].get(activity_id)

    def leap_day(self, year: int) -> LeapDay:
        """Where 29 February falls in a common year: the version in force on 28 February decides."""
        assert not calendar.isleap(year)
        return self.books[max(0, self.on(date(year, 2, 28)))].version.life_cycle.leap_day


def _ready(version: Version, by_id: Mapping[str, Activity], program: Program) -> ReadyVersion:
    ladder = Ladder(version, program)
    places = {name: place for place, name in enumerate(program.balances)}
    tied = [(benefit.from_level, name) for name, benefit in sorted(version.benefits.items())]
    activities = {
        activity.id: with_eligibility(version, activity) for activity in version.activities.values()
    }
    return ReadyVersion(
        version=version,
        activities={name: activities[activity.id] for name, activity in by_id.items()},
        parts={
            activity.id: tuple(
                Part(
                    entry,
                    places[entry.balance],
                    program.balances[entry.balance],
                    limits_of(entry, activity, version),
                )
                for entry in activity.spends_first
            )
            for activity in activities.values()
        },
        defaults={
            activity.id: {
                **defaults_of(activity.attributes),
                **({LEVEL: NO_LEVEL} if activity.looks_at_level else {}),
            }
            for activity in activities.values()
        },
        ladder=ladder,
        benefits={
            level: tuple(name for lowest, name in tied if lowest and not ladder.is_above(lowest, level))
            for level in (None, *ladder.ids)
        },
        asked={name: one.condition for name, one in version.benefits.items() if one.condition is not None},
    )
