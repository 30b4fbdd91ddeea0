"""The versions of a program as rules that are ready to be applied, and which is in force when."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pointbook.interpret.levels import Ladder
from pointbook.interpret.limits import limits_of
from pointbook.interpret.valuation import valuation_of
from pointbook.model.rules import Assessed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.interpret.limits import Limit
    from pointbook.interpret.valuation import ValuationOf
    from pointbook.model.ledger import Assume
    from pointbook.model.rules import Activity, LeapDay, Points, Program, Version


# A plain tuple, which is taken apart faster than a named one, for every event of a log.
Rule = tuple[str, int, str, int | None, "tuple[Limit, ...]", "ValuationOf", "tuple[ValuationOf, ...]"]
"""An activity in one version: the version's id; index and id of the balance it feeds, and that
balance's floor; the caps it goes through, in order; what an event asks for; and where that depends on
the version in force on its date, the same by that version's index."""


class Book(NamedTuple):
    """One version, ready to be applied: its activities by id, its levels, and what each level brings."""

    version: Version
    rules: Mapping[str, Rule]
    ladder: Ladder
    benefits: Mapping[str | None, tuple[str, ...]]


class Timeline:
    """Which version is in force when.

    Attributes:
        books: The versions that can be in force, by their dates; one only where it is fixed.
        ids: Their ids.
        fixed: Whether one version is taken to have always been in force.
    """

    def __init__(self, program: Program, version_id: str | None, assume: Assume) -> None:
        """Prepare the rules.

        Raises:
            LookupError: The program has no version `version_id`.
        """
        self.fixed = version_id is not None
        effective = [version.effective_from for version in program.versions]
        self._after_the_first = effective[1:]
        if version_id is None:
            versions: tuple[Version, ...] = program.versions
        else:
            fixed = program.version(version_id)
            if fixed is None:
                raise LookupError(version_id)
            versions = (fixed,)
        self._starts = [] if self.fixed else effective
        self.books = tuple(_book(program, version, assume, fixed=self.fixed) for version in versions)
        self.ids = tuple(version.id for version in versions)

    def on(self, day: date) -> int:
        """Index of the version in force on `day`, -1 before the first."""
        return 0 if self.fixed else bisect_right(self._starts, day) - 1

    def version_on(self, day: date) -> Version | None:
        """The version in force on `day`; None before the first."""
        index = self.on(day)
        return self.books[index].version if index >= 0 else None

    def next_start(self, version: int) -> date:
        """The day on which the version after `version` takes effect; the last day there is if none."""
        following = version + 1
        return self._starts[following] if following < len(self._starts) else date.max

    def reference(self, day: date) -> int:
        """Index of the program's version in force on `day`; before the first, the first."""
        return bisect_right(self._after_the_first, day)

    def leap_day(self, year: int) -> LeapDay:
        """Where 29 February falls in a common year: the version in force on 28 February decides."""
        assert not calendar.isleap(year)
        return self.books[max(0, self.on(date(year, 2, 28)))].version.life_cycle.leap_day


def _book(program: Program, version: Version, assume: Assume, *, fixed: bool) -> Book:
    references = program.versions if fixed else (version,)
    rules = {
        activity.id: _rule(program, version, activity, assume, references)
        for activity in version.activities.values()
    }
    ladder = Ladder(version)
    return Book(
        version, rules, ladder, {level: _benefits(version, ladder, level) for level in (None, *ladder.ids)}
    )


def _benefits(version: Version, ladder: Ladder, level: str | None) -> tuple[str, ...]:
    """Ids of what a level brings, by code point."""
    tied = ((benefit.id, benefit.from_level) for benefit in version.benefits.values())
    return tuple(
        sorted(name for name, lowest in tied if lowest is not None and not ladder.is_above(lowest, level))
    )


def _rule(
    program: Program, version: Version, activity: Activity, assume: Assume, references: tuple[Version, ...]
) -> Rule:
    given_under = [_given_under(version, activity, reference) for reference in references]
    others = (
        tuple(valuation_of(activity, assume, points) for points in given_under) if any(given_under) else ()
    )
    balance = program.balances[activity.balance]
    index = list(program.balances).index(balance.id)
    return (
        version.id,
        index,
        balance.id,
        balance.floor,
        limits_of(activity, version),
        valuation_of(activity, assume),
        others,
    )


def _given_under(version: Version, activity: Activity, reference: Version) -> Points | None:
    """The other rule under which an assessed value was given; None where it can be taken as it is.

    That is so in the version itself, where the other has no such activity, and where the range is the
    same: a rule that no version changes gives the same points in all of them.
    """
    if not isinstance(activity.points, Assessed):
        return None
    before = reference.activities.get(activity.id)
    if before is None or reference.id == version.id or before.points == activity.points:
        return None
    return before.points
