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
        events: The events that have an entry, in order.
        entries: Their entries.
        history: Every change of level.
    """

    member: Member
    events: Sequence[Event]
    entries: Sequence[Entry]
    history: Sequence[LevelChange]

    def changes_before(self, count: int) -> list[LevelChange]:
        """Every change of level up to the last of so many entries."""
        all_changes = [change for entry in self.entries for change in entry.changes]
        first = self.history[0] if self.history else None
        at_sign_up = first is not None and first.date == self.member.signed_up_on and first not in all_changes
        return [
            *self.history[: int(at_sign_up)],
            *(change for entry in self.entries[:count] for change in entry.changes),
        ]


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
    expected = {
        (row.cells or {}).get("event_id", ""): frozenset(node.content["expect"].content)
        for row, node in zip(scenario.events, scenario.document.listed("events"), strict=True)
        if node.get("expect") is not None
    }
    by_member: dict[str, list[Event]] = defaultdict(list)
    for event in log.events:
        if event.event_id in widest.entries:
            by_member[event.member_id].append(event)
    level_balance = scenario.program.level_balance
    for name, member in sorted(log.members.items()):
        events = by_member[name]
        entries = [widest.entries[event.event_id] for event in events]
        course = Course(member, events, entries, widest.history.get(name, []))
        looks = (
            *_at_events(course, expected),
            *_at_standings(course, scenario, evaluated, timeline),
            *_at_history(course, scenario, as_of),
        )
        hanging = [
            (event, entry)
            for index, (event, entry) in enumerate(zip(events, entries, strict=True))
            if any(_hangs_on(look, index, entry, level_balance) for look in looks)
        ]
        yield LookedAt(member, looks, tuple(hanging))


def period_on(day: date, member: Member, balance: str, program: Program, timeline: Timeline) -> int:
    """Number of a balance's period on a day, for a member who has signed up."""
    year = 1
    while anniversary(member.signed_up_on, year, timeline.leap_day) <= day:
        year += 1
    return program.balances[balance].resets.period(day, year)


def _hangs_on(look: Look, index: int, entry: Entry, level_balance: str) -> bool:
    """Whether an expectation would notice another outcome of the member's entry of that number."""
    if look.event_id == entry.event_id:
        return True
    decides = look.tells_level and entry.balance == level_balance
    return index < look.before and (decides or (entry.balance, entry.period) in look.totals)


def _at_events(course: Course, expected: Mapping[str, frozenset[str]]) -> Iterator[Look]:
    day = course.member.signed_up_on
    for index, entry in enumerate(course.entries):
        day = max(
            day, entry.occurred_at.date()
        )  # clocks may go back over midnight, a member's calendar does not
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
            changes=course.changes_before(index + 1)[-1:] if tells_level else (),
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
