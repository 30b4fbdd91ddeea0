"""How many events there are, and what each side of a comparison comes to, over all members so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pointbook.comparison.outcome import MemberSums
from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.model.ledger import Entry

_CUT = (Outcome.REDUCED, Outcome.CAPPED)
_OPEN = tuple(outcome for outcome in Outcome if outcome.is_open)
_AWARDED = Outcome.AWARDED


@dataclass(slots=True)
class SideCounts:
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

    def add(self, entries: Iterable[Entry], balance: str) -> MemberSums:
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
                elif outcome in _OPEN:
                    open_values += 1
            else:
                self.awarded += 1
        return MemberSums(points, cuts, open_values)

    def by_outcome(self) -> dict[str, int]:
        """Events by what became of them."""
        found = {**self.outcomes, _AWARDED: self.awarded}
        return {outcome.value: found[outcome] for outcome in Outcome if found.get(outcome)}


@dataclass(slots=True)
class LogCounts:
    """What a log's members have in it; filled while they go by.

    Attributes:
        events: Up to the as-of date.
        after_as_of: Events later than that.
        days: Local dates of the first and of the last event of each member.
        same: What events come to that no change touches, so that it is the same on both sides.
        old: What the others come to under the old rules.
        new: What they come to under the new rules.
    """

    events: int = 0
    after_as_of: int = 0
    days: set[date] = field(default_factory=set)
    same: SideCounts = field(default_factory=SideCounts)
    old: SideCounts = field(default_factory=SideCounts)
    new: SideCounts = field(default_factory=SideCounts)

    def add_member(self, entries: Sequence[Entry], after_as_of: int) -> None:
        """Count one member's events."""
        self.events += len(entries)
        self.after_as_of += after_as_of
        if entries:
            self.days |= {entries[0].occurred_at.date(), entries[-1].occurred_at.date()}
