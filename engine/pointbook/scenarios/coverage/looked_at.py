"""What a scenario looks at: the entries and changes of level of a member on which an expectation hangs.

Source: rules/README.md, "Which rules do the scenarios exercise?".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.rules import anniversary
from pointbook.model.tables import STANDINGS, further_requirements, names_of, standings_columns
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from pointbook.interpret.timeline import Timeline
    from pointbook.log import Log
    from pointbook.model.amounts import Amount
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program
    from pointbook.scenarios.reading import Scenario
    from pointbook.scenarios.running import EvaluatedScenario
    from pointbook.source.document import Node

_OF_LEVEL_BALANCE = ("points", "points_to_next", "points_to_keep")
_OF_LEVELS = frozenset(("level", "next_level", "points_to_next", "points_to_keep", "benefits"))
"""Columns of a standing that depend on the level balance, and on the level held."""
_NOT_COUNTED = frozenset(("rejected", "after_as_of"))
_IS_THERE = "is there"
"""Stands for the columns of an entry that must not be there."""


@dataclass(frozen=True, slots=True)
class Look:
    """One expectation about a member: of an event, of a standing, or the history as a whole.

    Attributes:
        day: The local date.
        before: How many of the member's entries come before it, or with it.
        totals: The balances whose total it tells, each with the number of its period.
        changes: The changes of level that it tells.
        tells_level: Whether it tells the level held.
        level: That level.
        benefits: What the member has, None where it does not tell.
    """

    day: date
    before: int
    totals: frozenset[tuple[str, int]]
    changes: Sequence[LevelChange]
    tells_level: bool
    level: str | None
    benefits: tuple[str, ...] | None = None


class SeenEntry(NamedTuple):
    """An entry on which an expectation hangs, or one that could be there and is not.

    Attributes:
        event: What happened.
        entries: All that it came to.
        balance: Of the entry.
    """

    event: Event
    entries: tuple[Entry, ...]
    balance: str

    @property
    def entry(self) -> Entry | None:
        """The entry; None where it is not there."""
        return next((entry for entry in self.entries if entry.balance == self.balance), None)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a scenario looks at of one member.

    Attributes:
        course: What came of the member's events.
        looks: The expectations.
        entries: The entries on which one of them hangs.
    """

    course: Course
    looks: tuple[Look, ...]
    entries: tuple[SeenEntry, ...]


@dataclass
class _Expected:
    """What is expected of an event: columns of each entry, and those of single ones by balance."""

    of_all: set[str] = field(default_factory=set)
    of_one: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, node: Node) -> None:
        """One more expectation: rows that share an id may each say something."""
        self.of_all |= node.content.keys() - {"entries"}
        for balance, one in node.entries("entries").items():
            self.of_one[balance] |= one.content.keys() if one.is_mapping else {_IS_THERE}

    def columns(self, balance: str) -> frozenset[str]:
        """Those that are expected of the entry in a balance."""
        return frozenset(self.of_all | self.of_one.get(balance, set())) - _NOT_COUNTED


@dataclass(frozen=True, slots=True)
class Course:
    """What came of one member's events.

    Attributes:
        member: Who.
        events: What happened, in order.
        came_of: The entries of each of them.
        history: Every change of level.
    """

    member: Member
    events: Sequence[Event]
    came_of: Sequence[tuple[Entry, ...]]
    history: Sequence[LevelChange]

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries, in order."""
        return [entry for entries in self.came_of for entry in entries]

    def taken_by(self, change: LevelChange) -> int:
        """How many entries come before a change of level, or with it."""
        found = (index for index, entry in enumerate(self.entries, start=1) if change in entry.changes[-1:])
        by_then = sum(entry.occurred_at.date() < change.date for entry in self.entries)
        return next(found, by_then)

    def totals(self, day: date, before: int, program: Program, timeline: Timeline) -> Mapping[str, Amount]:
        """Every balance on a day after the first so many entries."""
        found = {}
        for name, balance in program.balances.items():
            period = period_on(day, self.member, name, program, timeline)
            own = [one for one in self.entries[:before] if (one.balance, one.period) == (name, period)]
            found[name] = balance.start if not own or own[-1].total is None else own[-1].total
        return found

    @property
    def at_sign_up(self) -> Sequence[LevelChange]:
        """The change that the sign-up itself brings, if it does."""
        first = self.history[:1]
        at_events = {change for entry in self.entries for change in entry.changes}
        is_it = first and first[0].date == self.member.signed_up_on and first[0] not in at_events
        return first if is_it else ()


def looked_at(
    scenario: Scenario, log: Log, evaluated: Mapping[date, EvaluatedScenario], timeline: Timeline
) -> Iterator[LookedAt]:
    """What a scenario that passes looks at, member by member.

    Args:
        scenario: With its expectations.
        log: Its members and events.
        evaluated: What came of them by the as-of date, that of the scenario first.
        timeline: Which version is in force when.
    """
    as_of, widest = next(iter(evaluated)), evaluated[max(evaluated)]
    expected: dict[str, _Expected] = defaultdict(_Expected)
    for row, node in zip(scenario.events, scenario.document.listed("events"), strict=True):
        if node.get("expect") is not None:
            expected[(row.cells or {}).get("event_id", "")].add(node.content["expect"])
    by_member: dict[str, list[Event]] = defaultdict(list)
    for event in log.events:
        if event.event_id in widest.entries:
            by_member[event.member_id].append(event)
    for name, member in sorted(log.members.items()):
        events = by_member[name]
        came_of = [widest.entries[event.event_id] for event in events]
        course = Course(member, events, came_of, widest.history.get(name, []))
        looks = (
            *_at_events(course, expected),
            *_at_standings(course, scenario, evaluated, timeline),
            *_at_history(course, scenario, as_of),
        )
        yield LookedAt(course, looks, tuple(_hanging(course, looks, expected, scenario.program, timeline)))


def period_on(day: date, member: Member, balance: str, program: Program, timeline: Timeline) -> int:
    """Number of a balance's period on a day, for a member who has signed up."""
    year = 1
    while anniversary(member.signed_up_on, year, timeline.leap_day) <= day:
        year += 1
    return program.balances[balance].resets.period(day, year)


def _hanging(
    course: Course,
    looks: Sequence[Look],
    expected: Mapping[str, _Expected],
    program: Program,
    timeline: Timeline,
) -> Iterator[SeenEntry]:
    """The entries of which some expectation would notice another outcome, or that they are there."""
    before_level = max((look.before for look in looks if look.tells_level), default=0)
    before_total: dict[tuple[str, int | None], int] = {}
    for look in looks:
        for total in look.totals:
            before_total[total] = max(look.before, before_total.get(total, 0))
    of_levels, index = {program.level_balance, *further_requirements(program)}, 0
    for event, entries in zip(course.events, course.came_of, strict=True):
        of_event = expected[event.event_id] if event.event_id in expected else _Expected()
        for entry in entries:
            before = before_total.get((entry.balance, entry.period), 0)
            if entry.balance in of_levels:
                before = max(before, before_level)
            if of_event.columns(entry.balance) or index < before:
                yield SeenEntry(event, entries, entry.balance)
            index += 1
        for balance in _not_there(entries, timeline):
            period = period_on(event.local.date(), course.member, balance, program, timeline)
            before = before_total.get((balance, period), 0)
            if balance in of_levels:
                before = max(before, before_level)
            if _IS_THERE in of_event.of_one.get(balance, ()) or index <= before:
                yield SeenEntry(event, entries, balance)


def _not_there(entries: tuple[Entry, ...], timeline: Timeline) -> Iterator[str]:
    """The balances in which the event could have an entry by its activity, and has none."""
    first, here = entries[0], {entry.balance for entry in entries}
    for ready in timeline.books if first.period is not None else ():
        activity = ready.activities.get(first.activity) if ready.version.id == first.version else None
        if activity is not None:
            yield from (one.balance for one in activity.entries if one.condition and one.balance not in here)


def _at_events(course: Course, expected: Mapping[str, _Expected]) -> Iterator[Look]:
    day, changes = course.member.signed_up_on, course.at_sign_up
    for index, entry in enumerate(course.entries):
        day = max(
            day, entry.occurred_at.date()
        )  # clocks may go back over midnight, a member's calendar does not
        changes = entry.changes[-1:] or changes
        if entry.event_id not in expected or not (keys := expected[entry.event_id].columns(entry.balance)):
            continue
        counted = [] if entry.period is None or "total" not in keys else [(entry.balance, entry.period)]
        tells_level = "level" in keys and entry.period is not None
        yield Look(
            day=day,
            before=index + 1,
            totals=frozenset(counted),
            changes=changes if tells_level else (),
            tells_level=tells_level,
            level=entry.level,
        )


def _at_standings(
    course: Course, scenario: Scenario, evaluated: Mapping[date, EvaluatedScenario], timeline: Timeline
) -> Iterator[Look]:
    program, member = scenario.program, course.member
    names = dict(zip(names_of(STANDINGS), names_of(standings_columns(program)), strict=False))
    of_total, of_levels = ({names[key] for key in keys} for keys in (_OF_LEVEL_BALANCE, _OF_LEVELS))
    further = {name: {name, *_missing(name)} for name in program.balances if name != program.level_balance}
    for node in scenario.document.listed("standings"):
        who, day = node.value("member_id") or scenario.only_member, date_from(node.value("as_of"))
        standing = evaluated[day].standings.get(member.id)
        if who != member.id or standing is None:
            continue
        keys = node.content.keys()
        totals = {name for name, columns in further.items() if keys & columns}
        totals |= {program.level_balance} if keys & {*of_total, "earned_level"} else set()
        totals |= {*further_requirements(program)} if "earned_level" in keys else set()
        tells_level = bool(keys & of_levels) or any(keys & {*_missing(name)} for name in further)
        yield Look(
            day=day,
            before=sum(entry.occurred_at.date() <= day for entry in course.entries),
            totals=frozenset((key, period_on(day, member, key, program, timeline)) for key in totals),
            changes=[change for change in course.history if change.date <= day][-1:] if tells_level else (),
            tells_level=tells_level,
            level=standing.level,
            benefits=standing.benefits if "benefits" in keys else None,
        )


def _at_history(course: Course, scenario: Scenario, as_of: date) -> Iterator[Look]:
    if course.member.id in scenario.document.entries("history") and course.member.signed_up_on <= as_of:
        changes = [change for change in course.history if change.date <= as_of]
        before = sum(entry.occurred_at.date() <= as_of for entry in course.entries)
        held = changes[-1].to_level if changes else None
        yield Look(as_of, before, frozenset(), changes, True, held)


def _missing(balance: str) -> tuple[str, str]:
    """The columns of a standing that say what is missing of a balance."""
    return f"{balance}_to_next", f"{balance}_to_keep"
