"""A member's events and changes of level, in the order in which they happen, each explained.

The events are taken step by step, so that what was there before each of them is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.interpret.valuation import filled
from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause, Outcome
from pointbook.views.explanation.explained import ExplainedEntry, ExplainedEvent, ExplainedStep
from pointbook.views.explanation.level_changes import closing_totals, explained_change
from pointbook.views.explanation.limits import Limits
from pointbook.views.explanation.reasons import (
    reasons_of,
    why_no_entry,
    why_not_comparable,
    why_read_as,
)
from pointbook.views.explanation.taken_events import TakenEvent
from pointbook.views.explanation.without_rule import why_without_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pointbook.interpret import Evaluation, MemberResult
    from pointbook.interpret.state import MemberState
    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program, Version
    from pointbook.views.explanation.explained import ExplainedChange
    from pointbook.views.explanation.names import Names


def timeline_of(
    program: Program, evaluation: Evaluation, names: Names, events: Sequence[Event], result: MemberResult
) -> tuple[ExplainedEvent | ExplainedChange, ...]:
    """The member's events up to the as-of date and changes of level, explained.

    Args:
        program: The rules.
        evaluation: The log under the rules.
        names: What rules are called.
        events: The member's, in order.
        result: What they came to.
    """
    interpreter, member = evaluation.interpreter, result.member
    explainer, told = _Explainer(program, evaluation, names, result), _Told(evaluation, names, member)
    state, _ = interpreter.opened(member)
    told.add_changes(result.opening)
    for event in events:
        if event.local.date() > evaluation.as_of:
            continue
        day = max(event.local.date(), state.day)  # where clocks go back over midnight, days do not
        if day >= member.signed_up_on:
            state, passed = interpreter.advanced(state, day)
            told.add_changes(passed)
        before = state
        state, entries = interpreter.step(before, event)
        explained = tuple(map(told.entry, explainer.entries(before, event, entries, day)))
        told.items.append(explainer.event(event, explained))
        for entry in entries:
            told.add_changes(entry.changes, entry)
    told.add_changes(result.closing)
    return tuple(told.items)


class _Told:
    """What is told so far of a member.

    Attributes:
        items: Events and changes of level, in order.
    """

    def __init__(self, evaluation: Evaluation, names: Names, member: Member) -> None:
        self.items: list[ExplainedEvent | ExplainedChange] = []
        self._evaluation, self._names, self._member = evaluation, names, member
        self._program = evaluation.interpreter.program
        self._totals = {name: in_results(one.start) for name, one in self._program.balances.items()}
        self._periods: dict[str, int] = {}

    def add_changes(self, changes: Iterable[LevelChange], entry: Entry | None = None) -> None:
        """Changes of level, which an entry brought about, or else time."""
        own = self._program.balances[self._program.level_balance]
        for change in changes:
            held: Mapping[str, int] = self._totals
            closes = change.cause in (LevelCause.KEPT, LevelCause.DEMOTED)
            if closes:
                held = closing_totals(self._evaluation, self._member, change.date, held, self._periods)
            self.items.append(explained_change(self._evaluation, self._names, change, held, entry))
            if closes:
                self._totals[own.id] = in_results(own.start)

    def entry(self, one: ExplainedEntry) -> ExplainedEntry:
        """The next entry, with the period that has begun since the one before in its balance, if one has."""
        entry, begun = one.entry, ()  # type: Entry, tuple[ExplainedStep, ...]
        if entry.total is None or entry.period is None:
            return one
        before, start = self._totals[entry.balance], self._program.balances[entry.balance].start
        if self._periods.get(entry.balance, entry.period) != entry.period and before != start:
            name = self._names.balances[entry.balance]
            begun = (ExplainedStep(f"a new period has begun: {name} went back from {before:,} to {start:,}"),)
        self._periods[entry.balance], self._totals[entry.balance] = entry.period, entry.total
        return replace(one, reasons=(*begun, *one.reasons))


class _Explainer:
    """Explains a member's events, given what was there before each of them."""

    def __init__(self, program: Program, evaluation: Evaluation, names: Names, result: MemberResult) -> None:
        self._program, self._names, self._member = program, names, result.member
        self._timeline = evaluation.interpreter.timeline
        self._limits = Limits(result.member, names, self._timeline.leap_day)

    def event(self, event: Event, entries: tuple[ExplainedEntry, ...]) -> ExplainedEvent:
        """The event with its entries, each explained."""
        version, activity = self._rules_for(entries[0].entry)
        carried = {name: event.attributes.get(name) for name in self._program.exports.references}
        if version is None or activity is None:
            return ExplainedEvent(event.activity, None, entries, references=carried)
        rule = version.span("activities", activity.id)
        return ExplainedEvent(activity.title or activity.id, rule, entries, references=carried)

    def entries(
        self, before: MemberState, event: Event, entries: tuple[Entry, ...], day: date
    ) -> Iterator[ExplainedEntry]:
        """What an event came to, each entry explained.

        Args:
            before: The member's state, advanced to the day.
            event: As the log has it.
            entries: What it came to, in order.
            day: The local date on which it counts.
        """
        first, timeline = entries[0], self._timeline
        version, activity = self._rules_for(first)
        if version is None or activity is None or first.outcome is Outcome.BEFORE_SIGN_UP:
            step = why_without_rule(self._program, self._member, first, is_fixed=timeline.fixed)
            rule = version.span("activities", activity.id) if version and activity else None
            yield ExplainedEntry(first, rule, (step,))
            return
        taken = TakenEvent(
            version=version,
            activity=activity,
            member=before.member.on(day),
            event=filled(event, timeline.books[before.version].defaults[activity.id], before.level),
            entries={entry.balance: entry for entry in entries},
            totals=dict(zip(self._program.balances, before.totals, strict=True)),
            balances=self._program.balances,
            names=self._names,
        )
        for entry in entries:
            steps = [*why_read_as(version, activity, entry)]
            if timeline.fixed:
                given_under = timeline.given_under(day, event.activity) or activity
                steps += why_not_comparable(taken, entry, timeline.reference(day), given_under)
            steps += reasons_of(taken, entry)
            steps += [self._limits.step(taken, entry, cut, day) for cut in entry.cuts]
            steps += why_no_entry(taken)
            yield ExplainedEntry(entry, version.span(*taken.path_of(taken.rule_of(entry))), tuple(steps))

    def _rules_for(self, entry: Entry) -> tuple[Version | None, Activity | None]:
        """The version that took an event, and its own rules for it, which can have another id."""
        version = self._program.version(entry.version) if entry.version is not None else None
        rules = {} if version is None else version.activities
        if self._timeline.fixed:
            rules = self._timeline.books[0].activities
        activity = rules.get(entry.activity)
        if version is None or activity is None:
            return version, None
        return version, version.activities[activity.id]
