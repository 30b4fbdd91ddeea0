"""Which elements of the rules a scenario that passes exercises: those at work in what it looks at."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.interpret.conditions import holds
from pointbook.interpret.timeline import Timeline
from pointbook.interpret.valuation import filled
from pointbook.model.attributes import MEMBER_PREFIX, defaults_of, with_defaults
from pointbook.model.conditions import attributes_in
from pointbook.model.eligibility import eligibility_of
from pointbook.model.ledger import Outcome
from pointbook.model.points.lookup import Table
from pointbook.reasoning.conditions import conditions_under
from pointbook.scenarios.coverage.elements import program_elements, version_elements
from pointbook.scenarios.coverage.level_marks import level_marks
from pointbook.scenarios.coverage.looked_at import looked_at
from pointbook.scenarios.running import interpreted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pointbook.interpret.timeline import ReadyVersion
    from pointbook.log import Log
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.ledger import Assume, Cut, Entry
    from pointbook.model.log import Attributes, Event, Member
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path
    from pointbook.scenarios.coverage.elements import Element, Identity, Key
    from pointbook.scenarios.coverage.level_marks import Mark
    from pointbook.scenarios.coverage.looked_at import LookedAt, SeenEntry
    from pointbook.scenarios.reading import Scenario
    from pointbook.scenarios.running import EvaluatedScenario

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


def _marks(looked: LookedAt, program: Program, timeline: Timeline) -> Iterator[Mark]:
    by_id = {ready.version.id: ready for ready in timeline.books}
    defaults = defaults_of(program.member_attributes)
    for seen in looked.entries:
        first = seen.entries[0]
        ready = None if first.version is None or first.period is None else by_id[first.version]
        activity = None if ready is None else ready.activities.get(first.activity)
        if ready is None or activity is None:
            continue
        as_seen = filled(seen.event, ready.defaults[activity.id], first.level_before)
        own = ready.version.activities[activity.id]
        member = looked.course.member.on(seen.event.local.date())
        as_known = member._replace(attributes=with_defaults(member.attributes, defaults))
        yield from _in_entry(seen._replace(event=as_seen), as_known, ready.version, own, program)
        yield from _in_defaults(seen.event, member, ready.version, own)
        if timeline.fixed:
            yield from _in_names(first, activity, program, ready)
        elif seen.entry is not None and seen.entry.outcome.is_valued:
            yield ready.version, ("effective_from",), True
    for look in looked.looks:
        yield from level_marks(look, looked.course, program, timeline)


def _in_entry(
    seen: SeenEntry, member: Member, version: Version, activity: Activity, program: Program
) -> Iterator[Mark]:
    event, entry = seen.event, seen.entry
    path, rule = ("activities", activity.id), activity.entry_in(seen.balance)
    counts, asked = entry is not None and entry.outcome in _COUNTS, eligibility_of(version, activity)
    is_eligible = all(holds(condition, event, member) for _, condition in asked)
    here: Path = (*path, *rule.path)
    bonuses = [((*here, "bonuses", index, "if"), bonus.condition) for index, bonus in enumerate(rule.bonuses)]
    own = [((*here, "if"), rule.condition)] if rule.condition is not None and is_eligible else []
    # Whether it is eligible, or is an entry, is seen whatever comes of it; of a bonus, only what counts.
    for condition_path, condition in (*asked, *own, *(bonuses if counts else ())):
        for part_path, part in conditions_under(condition, condition_path):
            side = holds(part, event, member)
            if side is not None:
                yield version, part_path, side
    if entry is None:
        return
    if entry.cut_by is not None:
        yield _in_cut(entry.cut_by, version, here)
    if entry.outcome is Outcome.INSUFFICIENT_BALANCE:
        yield from _refused(seen, version, activity, program)
    if counts:
        yield from ((version, (*path, *below), True) for below in _counting(event, entry, rule))


def _refused(seen: SeenEntry, version: Version, activity: Activity, program: Program) -> Iterator[Mark]:
    """The spends of an event that was refused which a balance does not cover."""
    for entry in seen.entries:
        rule, floor = activity.entry_in(entry.balance), program.balances[entry.balance].floor or 0
        if rule.is_spend and entry.total is not None and entry.total + entry.requested < floor:
            yield version, ("activities", activity.id, *rule.path), False


def _in_defaults(event: Event, member: Member, version: Version, activity: Activity) -> Iterator[Mark]:
    """What is taken for values that are not given and that the event's rules look at."""
    named = activity.named_attributes.union(
        *(attributes_in(condition) for _, condition in eligibility_of(version, activity))
    )
    for name in named:
        if name not in event.attributes:
            yield version, ("attributes", name, "default"), True
            yield version, ("activities", activity.id, "attributes", name, "default"), True
        of_member = name.removeprefix(MEMBER_PREFIX)
        if of_member != name and of_member not in member.attributes:
            yield None, ("member_attributes", of_member, "default"), True


def _counting(event: Event, entry: Entry, rule: EntryRule) -> Iterator[Path]:
    """What is at work in an entry that counts, from the activity down."""
    yield rule.path
    yield from ((*rule.path, "bonuses", index) for index in entry.bonuses)
    sharers = event.attributes.get(rule.split_among or "")
    if isinstance(sharers, int) and sharers > 1:
        yield (*rule.path, "split_among")
    given = event.attributes
    at_work = [(rule.at(*place), table) for place, table in rule.points.tables]
    for index in entry.bonuses:
        percent = rule.bonuses[index].percent
        if isinstance(percent, Table):
            at_work.append((rule.at("bonuses", index, "percent", "by"), percent))
    for place, table in at_work:
        yield from ((*place, *steps) for steps in _looked_up(table, given))
    for place, attribute, step in rule.points.stepped:
        quantity = given.get(attribute)
        if isinstance(quantity, int | Decimal) and quantity % step:
            yield rule.at("points", *place)


def _looked_up(table: Table, given: Attributes) -> Iterator[Path]:
    """What a table gives for these attributes, from the table down."""
    values = tuple(given.get(name) for name in table.attributes)
    if table.amount_for(values) is not None:
        yield ("values", *(table.keys_for(values) or ()))
    elif table.otherwise is not None:
        yield ("else",)
        if isinstance(table.otherwise, Table):
            yield from (("else", "by", *steps) for steps in _looked_up(table.otherwise, given))


def _in_cut(cut: Cut, version: Version, entry: Path) -> Mark:
    """The limit that cut an entry, which is written under a path."""
    if cut.scope == "balance":
        return None, ("balances", cut.id, "floor"), True
    owners = {"group": ("groups", cut.id), "activity": ("activities", cut.id), "entry": entry}
    return version, (*owners[cut.scope], "caps", cut.position), True


def _in_names(entry: Entry, activity: Activity, program: Program, ready: ReadyVersion) -> Iterator[Mark]:
    """What lets the fixed version read an event by another id."""
    if entry.activity not in ready.version.activities:
        for version in program.versions:
            for new, old in version.replaces.items():
                if not {new, old}.isdisjoint((entry.activity, activity.id)):
                    yield version, ("activities", new, "replaces"), True
