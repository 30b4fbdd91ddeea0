"""The versions of a program as rules that are ready to be applied, and which is in force when."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pointbook.interpret.levels import Ladder
from pointbook.interpret.limits import limits_of
from pointbook.interpret.valuation import valuation_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.interpret.limits import Limit
    from pointbook.interpret.valuation import ValuationOf
    from pointbook.model.ledger import Assume
    from pointbook.model.rules import Activity, LeapDay, Program, Version


class Rule(NamedTuple):
    """An activity in one version.

    Attributes:
        activity: As written.
        balance: Index of the balance it feeds.
        valuations: What an event asks for, by index of the program's version that is in force on
            its date; one only where that is always the version itself.
        limits: The caps it goes through, in order.
    """

    activity: Activity
    balance: int
    valuations: tuple[ValuationOf, ...]
    limits: tuple[Limit, ...]


class Book(NamedTuple):
    """One version, ready to be applied."""

    version: Version
    rules: Mapping[str, Rule]
    ladder: Ladder


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
        self._effective = [version.effective_from for version in program.versions]
        if version_id is None:
            versions: tuple[Version, ...] = program.versions
        else:
            fixed = program.version(version_id)
            if fixed is None:
                raise LookupError(version_id)
            versions = (fixed,)
        self._starts = [] if self.fixed else self._effective
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
        """Which of a rule's valuations holds for an event on `day`."""
        return max(0, bisect_right(self._effective, day) - 1) if self.fixed else 0

    def leap_day(self, year: int) -> LeapDay:
        """Where 29 February falls in a common year: the version in force on 28 February decides."""
        assert not calendar.isleap(year)
        return self.books[max(0, self.on(date(year, 2, 28)))].version.life_cycle.leap_day


def _book(program: Program, version: Version, assume: Assume, *, fixed: bool) -> Book:
    balances = list(program.balances)
    references = program.versions if fixed else (version,)
    rules = {
        activity.id: Rule(
            activity=activity,
            balance=balances.index(activity.balance),
            valuations=tuple(
                valuation_of(
                    activity,
                    assume,
                    reference.activities.get(activity.id),
                    same_version=reference.id == version.id,
                )
                for reference in references
            ),
            limits=limits_of(activity, version),
        )
        for activity in version.activities.values()
    }
    return Book(version, rules, Ladder(version))
