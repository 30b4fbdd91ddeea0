"""How many events there are, and what each side of a comparison comes to, over all members so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pointbook.comparison.outcome import MemberSums
from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from pointbook.model.ledger import Entry
    from pointbook.model.program import Program

_CUT = (Outcome.REDUCED, Outcome.CAPPED)
_OPEN = tuple(outcome for outcome in Outcome if outcome.is_open)
_VOID = frozenset(outcome for outcome in Outcome if outcome.is_void)
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
        assumed: Events whose assessed value was assumed, by activity.
        void: Events of which nobody can say what they are worth, by activity and outcome.
    """

    activities: Counter[tuple[str, str]] = field(default_factory=Counter)
    months: Counter[tuple[int, int]] = field(default_factory=Counter)
    cuts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    awarded: int = 0
    assumed: Counter[str] = field(default_factory=Counter)
    void: Counter[tuple[str, Outcome]] = field(default_factory=Counter)

    def add(self, entries: Iterable[Entry], program: Program) -> MemberSums:
        """Count one member's entries; one pass, because a log has millions of them."""
        activities, months, outcomes = self.activities, self.months, self.outcomes
        balance, further = program.level_balance, dict[str, int]()
        points = cuts = open_values = void = 0
        for entry in entries:
            awarded, outcome = entry.awarded, entry.outcome
            if awarded:
                fed = entry.balance
                activities[entry.activity, fed] += awarded
                if fed == balance:
                    points += awarded
                    day = entry.occurred_at
                    months[day.year, day.month] += awarded
                else:
                    further[fed] = further.get(fed, 0) + awarded
            if entry.assumed:
                open_values += 1
                self.assumed[entry.activity] += 1
            if outcome is not _AWARDED:
                outcomes[outcome] += 1
                if outcome in _CUT:
                    cuts += 1
                    self.cuts[entry.activity] += 1
                elif outcome in _VOID:
                    void += 1
                    self.void[entry.activity, outcome] += 1
                    open_values += outcome in _OPEN
            else:
                self.awarded += 1
        further[balance] = points
        balances = tuple([further.get(name, 0) for name in program.balances])
        return MemberSums(points, balances, cuts, open_values, void)

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
        counted: Of each member, local dates of the last event that counts on either side, and of the last
            such event before another version follows the new one.
        fed: Balances in which events count on either side on days on which the new version is in force; only
            filled where that is from a day on.
        same: What events come to that no change touches, so that it is the same on both sides.
        old: What the others come to under the old rules.
        new: What they come to under the new rules.
        void: Events that a change touches and of which nobody can say what they are worth on one side or on
            both, by activity, outcome under the old rules and outcome under the new.
        stakes: What they award on the other side, by the same and by balance.
        one_sided: Where each side reads the log for itself: what events award that only that side can read,
            by whether it is the new one and by balance.
    """

    events: int = 0
    after_as_of: int = 0
    days: set[date] = field(default_factory=set)
    counted: set[date] = field(default_factory=set)
    fed: set[str] = field(default_factory=set)
    same: SideCounts = field(default_factory=SideCounts)
    old: SideCounts = field(default_factory=SideCounts)
    new: SideCounts = field(default_factory=SideCounts)
    void: Counter[tuple[str, Outcome, Outcome]] = field(default_factory=Counter)
    stakes: Counter[tuple[str, Outcome, Outcome, str]] = field(default_factory=Counter)
    one_sided: Counter[tuple[bool, str]] = field(default_factory=Counter)

    def add_readings(
        self,
        sides: tuple[Sequence[Entry], Sequence[Entry]],
        ids: tuple[AbstractSet[str], AbstractSet[str]],
        since: date,
        until: date,
    ) -> None:
        """Count one member's events, where each side reads the log for itself.

        Args:
            sides: What the events up to the as-of date come to, under the old rules and under the new.
            ids: Of all events that the one side reads, and the other.
            since: From which day on balances are looked at.
            until: And up to which.
        """
        old, new = ({entry.event_id: entry for entry in entries} for entries in sides)
        self.events += len(old.keys() | new.keys())
        self.after_as_of += len(ids[0] | ids[1]) - len(old.keys() | new.keys())
        for is_new, entries in enumerate(sides):
            if entries:
                self.days |= {entries[0].occurred_at.date(), entries[-1].occurred_at.date()}
            self.add_counted(entries, entries, until)
            self.add_fed(entries, entries, since, until)
            for entry in entries:
                if entry.awarded and entry.event_id not in ids[1 - is_new]:
                    self.one_sided[bool(is_new), entry.balance] += entry.awarded
        shared = [event_id for event_id in old if event_id in new]
        self.add_void([old[event_id] for event_id in shared], [new[event_id] for event_id in shared])

    def add_void(self, old: Iterable[Entry], new: Iterable[Entry]) -> None:
        """Count those of the same events, under the old rules and under the new, that are void on a side."""
        for one, other in zip(old, new, strict=True):
            outcomes = one.outcome, other.outcome
            if any(outcome.is_void for outcome in outcomes):
                self.void[one.activity, *outcomes] += 1
                for entry in (one, other):
                    if entry.awarded:
                        self.stakes[one.activity, *outcomes, entry.balance] += entry.awarded

    def add_counted(self, old: Sequence[Entry], new: Sequence[Entry], until: date) -> None:
        """Look from the end of one member's events for the last that counts, and for that before a day."""
        last: date | None = None
        for one, other in zip(reversed(old), reversed(new), strict=True):
            if one.outcome.is_valued or other.outcome.is_valued:
                day = one.occurred_at.date()
                if last is None or day < until:
                    self.counted.add(day)
                last = day
                if day < until:
                    return

    def add_fed(self, old: Sequence[Entry], new: Sequence[Entry], since: date, until: date) -> None:
        """Look for the balances in which one member's events count from a day on, up to another."""
        for one, other in zip(reversed(old), reversed(new), strict=True):
            day = one.occurred_at.date()
            if day < since:
                return
            if day < until:
                self.fed |= {entry.balance for entry in (one, other) if entry.outcome.is_valued}

    def add_member(self, entries: Sequence[Entry], after_as_of: int) -> None:
        """Count one member's events."""
        self.events += len(entries)
        self.after_as_of += after_as_of
        if entries:
            self.days |= {entries[0].occurred_at.date(), entries[-1].occurred_at.date()}
