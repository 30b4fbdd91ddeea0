"""What a scenario looks at: the entries and changes of level of a member on which an expectation hangs.

Source: rules/README.md, "Which rules do the scenarios exercise?".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.rules import anniversary
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from pointbook.interpret.timeline import Timeline
    from pointbook.log import Log
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program
    from pointbook.scenarios.reading import Scenario
    from pointbook.scenarios.running import EvaluatedScenario

_OF_TOTALS = frozenset(("points", "earned_level", "points_to_next", "points_to_keep"))
_OF_LEVELS = frozenset(("level", "next_level", "points_to_next", "points_to_keep", "benefits"))
"""Columns of a standing that depend on the level balance, and on the level held."""
_NOT_COUNTED = frozenset(("rejected", "after_as_of"))


@dataclass(frozen=True, slots=True)
class Look:
    """One expectation about a member: of an event, of a standing, or the history as a whole.

    Attributes:
        day: The local date.
        event_id: The event that it is about, empty for a standing and a history.
        before: How many of the member's entries come before it, or with it.
        totals: The balances whose total it tells, each with the number of its period.
        changes: The changes of level that it tells.
        tells_level: Whether it tells the level held.
        level: That level.
        benefits: What the member has, None where it does not tell.
    """

    day: date
    event_id: str
    before: int
    totals: frozenset[tuple[str, int]]
    changes: Sequence[LevelChange]
    tells_level: bool
    level: str | None
    benefits: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a scenario looks at of one member.

    Attributes:
        member: Who.
        looks: The expectations.
        entries: The entries on which one of them hangs, each with its event.
    """

    member: Member
    looks: tuple[Look, ...]
    entries: tuple[tuple[Event, Entry], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What came of one member's events.

    Attributes:
        member: Who.
        events: Of each entry the event, in order.
        entries: Their entries.
        history: Every change of level.
    """

    member: Member
    events: Sequence[Event]
    entries: Sequence[Entry]
    history: Sequence[LevelChange]

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
    expected: dict[str, set[str]] = defaultdict(set)  # rows that share an id may each say something
    for row, node in zip(scenario.events, scenario.document.listed("events"), strict=True):
        if node.get("expect") is not None:
            expected[(row.cells or {}).get("event_id", "")] |= node.content["expect"].content.keys()
    by_member: dict[str, list[Event]] = defaultdict(list)
    for event in log.events:
        if event.event_id in widest.entries:
            by_member[event.member_id].append(event)
    for name, member in sorted(log.members.items()):
        came_of = [(event, entry) for event in by_member[name] for entry in widest.entries[event.event_id]]
        events, entries = [event for event, _ in came_of], [entry for _, entry in came_of]
        course = Course(member, events, entries, widest.history.get(name, []))
        looks = (
            *_at_events(course, expected),
            *_at_standings(course, scenario, evaluated, timeline),
            *_at_history(course, scenario, as_of),
        )
        hanging = _hanging(course, looks, scenario.program.level_balance)
        yield LookedAt(member, looks, tuple(hanging))


def period_on(day: date, member: Member, balance: str, program: Program, timeline: Timeline) -> int:
    """Number of a balance's period on a day, for a member who has signed up."""
    year = 1
    while anniversary(member.signed_up_on, year, timeline.leap_day) <= day:
        year += 1
    return program.balances[balance].resets.period(day, year)


def _hanging(course: Course, looks: Sequence[Look], level_balance: str) -> Iterator[tuple[Event, Entry]]:
    """The entries of which some expectation would notice another outcome."""
    own = {look.event_id for look in looks}
    before_level = max((look.before for look in looks if look.tells_level), default=0)
    before_total: dict[tuple[str, int | None], int] = {}
    for look in looks:
        for total in look.totals:
            before_total[total] = max(look.before, before_total.get(total, 0))
    for index, (event, entry) in enumerate(zip(course.events, course.entries, strict=True)):
        before = before_total.get((entry.balance, entry.period), 0)
        if entry.balance == level_balance:
            before = max(before, before_level)
        if entry.event_id in own or index < before:
            yield event, entry


def _at_events(course: Course, expected: Mapping[str, AbstractSet[str]]) -> Iterator[Look]:
    day, changes = course.member.signed_up_on, course.at_sign_up
    for index, entry in enumerate(course.entries):
        day = max(
            day, entry.occurred_at.date()
        )  # clocks may go back over midnight, a member's calendar does not
        changes = entry.changes[-1:] or changes
        keys = expected.get(entry.event_id, frozenset()) - _NOT_COUNTED
        if not keys:
            continue
        counted = [] if entry.period is None or "total" not in keys else [(entry.balance, entry.period)]
        tells_level = "level" in keys and entry.period is not None
        yield Look(
            day=day,
            event_id=entry.event_id,
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
    for node in scenario.document.listed("standings"):
        who, day = node.value("member_id") or scenario.only_member, date_from(node.value("as_of"))
        standing = evaluated[day].standings.get(member.id)
        if who != member.id or standing is None:
            continue
        keys = node.content.keys()
        totals = {key for key in keys if key in program.balances and key != program.level_balance}
        if keys & _OF_TOTALS:
            totals.add(program.level_balance)
        tells_level = bool(keys & _OF_LEVELS)
        yield Look(
            day=day,
            event_id="",
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
        yield Look(as_of, "", before, frozenset(), changes, True, held)
