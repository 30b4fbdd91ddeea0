"""What one side of a comparison comes to over all members."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pointbook.comparison.outcome import Tally
from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.ledger import Entry

K = TypeVar("K")

_CUT = (Outcome.REDUCED, Outcome.CAPPED)
_AWARDED, _UNVALUED = Outcome.AWARDED, Outcome.UNVALUED


@dataclass(slots=True)
class Counts:
    """What one side comes to over all members; filled while they go by.

    Attributes:
        activities: Points by activity and balance.
        months: Points of the level balance by year and month.
        cuts: Events that limits cut, by activity.
        outcomes: Events by outcome, but for the awarded.
        awarded: Events awarded in full.
    """

    activities: Counter[tuple[str, str]] = field(default_factory=Counter)
    months: Counter[tuple[int, int]] = field(default_factory=Counter)
    cuts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    awarded: int = 0

    def add(self, entries: Iterable[Entry], balance: str) -> Tally:
        """Count one member's entries; one pass, because a log has millions of them."""
        activities, months, outcomes = self.activities, self.months, self.outcomes
        points = cuts = open_values = 0
        for entry in entries:
            awarded, outcome = entry.awarded, entry.outcome
            if awarded:
                fed = entry.balance
                activities[entry.activity, fed] += awarded
                if fed == balance:
                    points += awarded
                    day = entry.occurred_at
                    months[day.year, day.month] += awarded
            if entry.assumed:
                open_values += 1
            if outcome is not _AWARDED:
                outcomes[outcome] += 1
                if outcome in _CUT:
                    cuts += 1
                    self.cuts[entry.activity] += 1
                elif outcome is _UNVALUED:
                    open_values += 1
            else:
                self.awarded += 1
        return Tally(points, cuts, open_values)

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            _sum(self.activities, other.activities),
            _sum(self.months, other.months),
            _sum(self.cuts, other.cuts),
            _sum(self.outcomes, other.outcomes),
            self.awarded + other.awarded,
        )

    def by_outcome(self) -> dict[str, int]:
        """Events by what became of them."""
        found = {**self.outcomes, _AWARDED: self.awarded}
        return {outcome.value: found[outcome] for outcome in Outcome if found.get(outcome)}


def _sum(one: Counter[K], other: Counter[K]) -> Counter[K]:
    """The sum; unlike that of `+`, with what is below zero."""
    total = Counter(one)
    total.update(other)
    return total
