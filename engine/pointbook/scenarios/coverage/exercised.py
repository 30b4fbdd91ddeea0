"""Which elements of the rules a scenario that passes exercises: those at work in what it looks at."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, assert_never

from pointbook.interpret.conditions import holds
from pointbook.interpret.timeline import Timeline
from pointbook.interpret.valuation import filled
from pointbook.model.eligibility import eligibility_of
from pointbook.model.ledger import LevelCause, Outcome
from pointbook.model.points.lookup import Table
from pointbook.reasoning.conditions import conditions_of, conditions_under
from pointbook.scenarios.coverage.elements import program_elements, version_elements
from pointbook.scenarios.coverage.looked_at import looked_at, period_on
from pointbook.scenarios.running import interpreted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.interpret.timeline import ReadyVersion
    from pointbook.log import Log
    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Assume, Cut, Entry, LevelChange
    from pointbook.model.log import Attributes, Event, Member
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path
    from pointbook.scenarios.coverage.elements import Element, Identity, Key
    from pointbook.scenarios.coverage.looked_at import Look, LookedAt
    from pointbook.scenarios.reading import Scenario
    from pointbook.scenarios.running import EvaluatedScenario

    Mark = tuple[Version | None, Path, bool]
    """A side of a value that was at work, and the version by which it was; None for program.yaml."""

_COUNTS = (Outcome.AWARDED, Outcome.REDUCED)


class Watched:
    """The interpreter as an evaluator of scenarios, which remembers what it evaluated.

    Attributes:
        log: The scenario's members and events, None before the first evaluation.
        evaluated: What came of them by the as-of date, that of the scenario itself first.
    """

    def __init__(self) -> None:
        self.log: Log | None = None
        self.evaluated: dict[date, EvaluatedScenario] = {}

    def __call__(
        self, program: Program, log: Log, as_of: date, version: str | None, assume: Assume
    ) -> EvaluatedScenario:
        """The log as the interpreter evaluates it."""
        self.log = log
        result = self.evaluated[as_of] = interpreted(program, log, as_of, version, assume)
        return result


class Exercised:
    """What the scenarios that were added exercise.

    Attributes:
        identities: Of the elements, among them some of rules that scenarios bring themselves.
    """

    def __init__(self) -> None:
        self.identities: set[Identity] = set()
        self._elements: dict[int, tuple[Version, Mapping[Key, Element]]] = {}

    def add(self, scenario: Scenario, watched: Watched) -> None:
        """What one more scenario exercises.

        Args:
            scenario: It must have passed.
            watched: What evaluated it.
        """
        if watched.log is None:
            return
        program, timeline = scenario.program, Timeline(scenario.program, scenario.version)
        of_program = program_elements(program)
        for seen in looked_at(scenario, watched.log, watched.evaluated, timeline):
            for version, path, side in _marks(seen, program, timeline):
                elements = of_program if version is None else self._elements_of(version, program)
                if (path, side) in elements:
                    self.identities.add(elements[path, side].identity)

    def _elements_of(self, version: Version, program: Program) -> Mapping[Key, Element]:
        """The elements of a version, found once: scenarios share those that they do not change."""
        if id(version) not in self._elements:
            self._elements[id(version)] = version, version_elements(program, version)
        return self._elements[id(version)][1]


def _marks(seen: LookedAt, program: Program, timeline: Timeline) -> Iterator[Mark]:
    by_id = {ready.version.id: ready for ready in timeline.books}
    for event, entry in seen.entries:
        if entry.version is not None and entry.period is not None:
            ready = by_id[entry.version]
            activity = ready.activities.get(entry.activity)
            if activity is not None:
                as_seen = filled(event, ready.defaults[activity.id], entry.level_before)
                own = ready.version.activities[activity.id]
                yield from _in_entry(as_seen, entry, seen.member.on(event.local.date()), ready.version, own)
                if timeline.fixed:
                    yield from _in_names(entry, activity, program, ready)
                elif entry.outcome.is_valued:
                    yield ready.version, ("effective_from",), True
    for look in seen.looks:
        yield from _in_look(look, seen.member, program, timeline)


def _in_entry(
    event: Event, entry: Entry, member: Member, version: Version, activity: Activity
) -> Iterator[Mark]:
    counts, path = entry.outcome in _COUNTS, ("activities", activity.id)
    asked = eligibility_of(version, activity)
    bonuses = [pair for pair in conditions_of(activity) if pair not in asked]
    # Whether it is eligible is seen whatever comes of it; of a bonus, only what counts shows anything.
    for condition_path, condition in (*asked, *(bonuses if counts else ())):
        for part_path, part in conditions_under(condition, condition_path):
            side = holds(part, event, member)
            if side is not None:
                yield version, part_path, side
    if entry.cut_by is not None:
        yield _in_cut(entry.cut_by, version)
    if counts:
        yield from ((version, (*path, *below), True) for below in _counting(event, entry, activity))


def _counting(event: Event, entry: Entry, activity: Activity) -> Iterator[Path]:
    """What is at work in an event that counts, from the activity down."""
    yield ()
    yield from (("bonuses", index) for index in entry.bonuses)
    sharers = event.attributes.get(activity.sole.split_among or "")
    if isinstance(sharers, int) and sharers > 1:
        yield ("split_among",)
    for place, table in activity.tables:
        if place[0] != "bonuses" or place[1] in entry.bonuses:
            yield from ((*place, *steps) for steps in _looked_up(table, event.attributes))


def _looked_up(table: Table, given: Attributes) -> Iterator[Path]:
    """What a table gives for these attributes, from the table down."""
    values = tuple(given.get(name) for name in table.attributes)
    if table.amount_for(values) is not None:
        yield ("values", *(table.keys_for(values) or ()))
    elif table.otherwise is not None:
        yield ("else",)
        if isinstance(table.otherwise, Table):
            yield from (("else", "by", *steps) for steps in _looked_up(table.otherwise, given))


def _in_cut(cut: Cut, version: Version) -> Mark:
    if cut.scope == "balance":
        return None, ("balances", cut.id, "floor"), True
    owners = "groups" if cut.scope == "group" else "activities"
    return version, (owners, cut.id, "caps", cut.position), True


def _in_names(entry: Entry, activity: Activity, program: Program, ready: ReadyVersion) -> Iterator[Mark]:
    """What lets the fixed version read an event by another id."""
    if entry.activity not in ready.version.activities:
        for version in program.versions:
            for new, old in version.replaces.items():
                if not {new, old}.isdisjoint((entry.activity, activity.id)):
                    yield version, ("activities", new, "replaces"), True


def _in_look(look: Look, member: Member, program: Program, timeline: Timeline) -> Iterator[Mark]:
    for balance, period in look.totals:
        yield None, ("balances", balance, "start"), True
        if period != period_on(member.signed_up_on, member, balance, program, timeline):
            yield None, ("balances", balance, "resets"), True
    yield from _in_leap_days(member, look.day, timeline)
    for change in look.changes:
        yield from _in_change(change, timeline)
    version = timeline.version_on(look.day)
    if version is not None and look.tells_level:
        yield from _missed_above(look.level, version)
    if version is not None and look.benefits is not None:
        held = (None, *version.levels).index(look.level)
        for benefit in version.benefits.values():
            has, lowest = benefit.id in look.benefits, benefit.from_level
            is_due = lowest in version.levels and (None, *version.levels).index(lowest) <= held
            yield version, ("benefits", benefit.id, "from_level"), is_due
            if is_due:
                yield version, ("benefits", benefit.id, "if"), has


def _in_leap_days(member: Member, day: date, timeline: Timeline) -> Iterator[Mark]:
    born = member.signed_up_on
    if (born.month, born.day) != (2, 29):
        return
    for year in range(born.year + 1, day.year + 1):
        decided = date(year, 2, 28)
        version = timeline.version_on(decided)
        if not calendar.isleap(year) and decided <= day and version is not None:
            yield version, ("life_cycle", "leap_day"), True


def _in_change(change: LevelChange, timeline: Timeline) -> Iterator[Mark]:
    version = timeline.version_on(change.date)
    if version is None:
        return
    before, after = change.from_level, change.to_level
    match change.cause:
        case LevelCause.REACHED | LevelCause.THRESHOLD_CHANGED:
            ids = (None, *version.levels)
            if before in ids and after in ids and ids.index(before) < ids.index(after):
                yield version, ("levels", str(after), version.levels[str(after)].reaching_key), True
        case LevelCause.KEPT:
            yield version, ("life_cycle", "demotion"), False
            yield version, ("levels", str(after), "keep"), True
            yield from _missed_above(after, version)
        case LevelCause.DEMOTED:
            yield version, ("life_cycle", "demotion"), True
            if before is not None:
                level = version.levels.get(before)
                key = "threshold" if level is None else "keep" if level.keep else level.reaching_key
                yield version, ("levels", before, key), False
        case _:
            assert_never(change.cause)


def _missed_above(level: str | None, version: Version) -> Iterator[Mark]:
    """Whoever holds a level has missed the one above it."""
    levels = (None, *version.levels)
    above = levels[levels.index(level) + 1 :]
    if above:
        name = str(above[0])
        yield version, ("levels", name, version.levels[name].reaching_key), False
