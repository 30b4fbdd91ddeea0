"""How many events there are, and what each side of a comparison comes to, over all members so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from pointbook.comparison.outcome import MemberSums
from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event
    from pointbook.model.program import Program

_CUT = (Outcome.REDUCED, Outcome.CAPPED)
_OPEN = tuple(outcome for outcome in Outcome if outcome.is_open)
_WHOLE = (Outcome.NO_SUCH_ACTIVITY, Outcome.BEFORE_SIGN_UP, Outcome.NO_VERSION_IN_FORCE)
_VOID = frozenset(outcome for outcome in Outcome if outcome.is_void)
_AWARDED = Outcome.AWARDED
_REFUSED = Outcome.INSUFFICIENT_BALANCE


class _Seen:
    """Which events were seen already, of entries of which those of an event follow one another."""

    def __init__(self) -> None:
        self._event = ""
        self._whats = set[str]()

    def first(self, entry: Entry, what: str) -> bool:
        """Whether this is the first entry of its event of which `what` is said."""
        if entry.event_id != self._event:
            self._event, self._whats = entry.event_id, set()
        is_first = what not in self._whats
        self._whats.add(what)
        return is_first


@dataclass(slots=True)
class SideCounts:
    """What one side comes to over all members; filled while they go by.

    Attributes:
        activities: Points by activity and balance.
        months: Points of the level balance by year and month.
        cuts: Events that limits cut, by activity; an event counts once, here and below.
        outcomes: Entries by outcome, but for the awarded.
        awarded: Entries awarded in full.
        assumed: Events whose assessed value was assumed, by activity.
        void: Events of which nobody can say what they are worth, by activity and outcome.
        void_entries: The same by balance, which is empty where that is said of the whole event.
    """

    activities: Counter[tuple[str, str]] = field(default_factory=Counter)
    months: Counter[tuple[int, int]] = field(default_factory=Counter)
    cuts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    awarded: int = 0
    assumed: Counter[str] = field(default_factory=Counter)
    void: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    void_entries: Counter[tuple[str, Outcome, str]] = field(default_factory=Counter)

    def add(self, entries: Iterable[Entry], program: Program) -> MemberSums:
        """Count one member's entries; one pass, because a log has millions of them."""
        activities, months, outcomes = self.activities, self.months, self.outcomes
        balance, further = program.level_balance, dict[str, int]()
        points = cuts = open_values = void = refused = 0
        seen = _Seen()
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
            if entry.assumed and seen.first(entry, "open"):
                open_values += 1
                self.assumed[entry.activity] += 1
            if outcome is _AWARDED:
                self.awarded += 1
                continue
            outcomes[outcome] += 1
            if outcome in _VOID:
                self.void_entries[entry.activity, outcome, _void_balance(entry)] += 1
            if not seen.first(entry, outcome):
                continue
            if outcome in _CUT:
                is_first = seen.first(entry, "cut")
                cuts += is_first
                self.cuts[entry.activity] += is_first
            elif outcome in _VOID:
                void += 1
                self.void[entry.activity, outcome] += 1
                open_values += outcome in _OPEN and seen.first(entry, "open")
            refused += outcome is _REFUSED
        further[balance] = points
        balances = tuple([further.get(name, 0) for name in program.balances])
        return MemberSums(points, balances, cuts, open_values, void, refused)

    def by_outcome(self) -> dict[str, int]:
        """Entries by what became of them."""
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
        void_entries: Their entries, by balance too, which is empty where that is said of the whole event.
        stakes: What they award on the other side, by the same and by balance.
        refused: Events whose spends are not covered, by activity, whether the old rules refuse them, and
            whether the new ones do.
        refused_members: How many members have such events, by the same.
        refused_stakes: What they award on the side that does not refuse them, by the same and by balance.
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
    void_entries: Counter[tuple[str, Outcome, Outcome, str]] = field(default_factory=Counter)
    stakes: Counter[tuple[str, Outcome, Outcome, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, bool, bool]] = field(default_factory=Counter)
    refused_members: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    refused_stakes: Counter[tuple[bool, bool, str]] = field(default_factory=Counter)
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
        old, new = (_by_id(entries) for entries in sides)
        self.events += len(old.keys() | new.keys())
        self.after_as_of += len(ids[0] | ids[1]) - len(old.keys() | new.keys())
        for is_new, entries in enumerate(sides):
            if entries:
                self.days |= {entries[0].occurred_at.date(), entries[-1].occurred_at.date()}
            self.add_counted(entries, until)
            self.add_fed(entries, since, until)
            for entry in entries:
                if entry.awarded and entry.event_id not in ids[1 - is_new]:
                    self.one_sided[bool(is_new), entry.balance] += entry.awarded
        self.add_void(*sides)

    def add_void(self, old: Iterable[Entry], new: Iterable[Entry]) -> None:
        """Count those of the same events, under the old rules and under the new, that are void on a side.

        An event of which several entries are void in the same way counts once.
        """
        sides = _by_id(old), _by_id(new)
        for event_id in sides[0]:
            if event_id not in sides[1]:
                continue
            known: dict[tuple[Outcome | None, ...], tuple[str, Outcome, Outcome]] = {}
            for one, other in _paired(sides[0][event_id], sides[1][event_id]):
                outcomes = one.outcome, other.outcome
                void = tuple(outcome if outcome.is_void else None for outcome in outcomes)
                if not any(void):
                    continue
                if void not in known:
                    known[void] = one.activity, *outcomes
                    self.void[known[void]] += 1
                whole = any(entry.outcome.is_void and not _void_balance(entry) for entry in (one, other))
                self.void_entries[*known[void], "" if whole else one.balance] += 1
                for entry in (one, other):
                    if entry.awarded:
                        self.stakes[*known[void], entry.balance] += entry.awarded

    def add_refused(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        """Count one member's events whose spends a balance does not cover on a side, or on both."""
        sides = _by_id(old), _by_id(new)
        refused = [
            {event_id for event_id, own in known.items() if any(entry.outcome is _REFUSED for entry in own)}
            for known in sides
        ]
        ways = set()
        for event_id in sorted(refused[0] | refused[1]):
            way = event_id in refused[0], event_id in refused[1]
            ways.add(way)
            entries = [*sides[0].get(event_id, ()), *sides[1].get(event_id, ())]
            self.refused[entries[0].activity, *way] += 1
            for entry in entries:
                if entry.awarded:
                    self.refused_stakes[*way, entry.balance] += entry.awarded
        self.refused_members.update(ways)

    def add_counted(self, entries: Sequence[Entry], until: date) -> None:
        """Look from the end of one member's entries for the last that counts, and for that before a day."""
        last: date | None = None
        for entry in reversed(entries):
            if entry.outcome.is_valued:
                day = entry.occurred_at.date()
                if last is None or day < until:
                    self.counted.add(day)
                last = day
                if day < until:
                    return

    def add_fed(self, entries: Sequence[Entry], since: date, until: date) -> None:
        """Look for the balances in which one member's entries count from a day on, up to another."""
        for entry in reversed(entries):
            day = entry.occurred_at.date()
            if day < since:
                return
            if day < until and entry.outcome.is_valued:
                self.fed.add(entry.balance)

    def add_member(self, events: Sequence[Event], after_as_of: int) -> None:
        """Count one member's events, those up to the as-of date and the number of others."""
        self.events += len(events)
        self.after_as_of += after_as_of
        if events:
            self.days |= {events[0].local.date(), events[-1].local.date()}


def _by_id(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries of each event, by its id."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.event_id, []).append(entry)
    return found


def _paired(old: Sequence[Entry], new: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Entries of one event that are about the same: of one balance, or one that stands for all of its side.

    That is one of an event that a side does not know, or not in time: it is about every balance. An entry
    without its like comes with one that counts nothing, for good reason.
    """
    if len(old) == 1 == len(new):
        yield old[0], new[0]
        return
    balances = [{entry.balance for entry in own} for own in (old, new)]
    if old[0].outcome in _WHOLE or new[0].outcome in _WHOLE:
        yield from product(old, new)
        return
    yield from ((one, other) for one, other in product(old, new) if one.balance == other.balance)
    yield from ((one, _nothing(one)) for one in old if one.balance not in balances[1])
    yield from ((_nothing(other), other) for other in new if other.balance not in balances[0])


def _void_balance(entry: Entry) -> str:
    """The balance of which an entry says that nobody can say what it is worth; empty for all of the event."""
    return "" if entry.outcome in _WHOLE else entry.balance


def _nothing(entry: Entry) -> Entry:
    return entry._replace(outcome=Outcome.NOT_ELIGIBLE, awarded=0)
