"""A member's events and changes of level, in the order in which they happen, each explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pointbook.interpret.valuation import filled
from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause, Outcome
from pointbook.views.explanation.explained import ExplainedEvent, ExplainedStep
from pointbook.views.explanation.level_changes import closing_totals, explained_change
from pointbook.views.explanation.limits import Limits
from pointbook.views.explanation.reasons import reasons_of, why_not_comparable, why_read_as
from pointbook.views.explanation.without_rule import why_without_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.interpret import Evaluation, MemberResult
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.model.log import Event
    from pointbook.model.program import Program
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
    totals = {name: in_results(balance.start) for name, balance in program.balances.items()}
    level_balance = program.balances[program.level_balance]
    periods: dict[str, int] = {}
    timeline: list[ExplainedEvent | ExplainedChange] = []
    limits = Limits(result.member, names, evaluation.interpreter.timeline.leap_day)
    by_id = {event.event_id: event for event in events}
    day = date.min

    def add(changes: Iterable[LevelChange], entry: Entry | None = None) -> None:
        for change in changes:
            closes = change.cause in (LevelCause.KEPT, LevelCause.DEMOTED)
            held = (
                closing_totals(evaluation, result.member, change.date, totals, periods) if closes else totals
            )
            timeline.append(explained_change(evaluation, names, change, held, entry))
            if closes:
                totals[level_balance.id] = in_results(level_balance.start)

    add(result.opening)
    for entry in result.entries:
        own = () if entry.own_change is None else (entry.own_change,)
        add(entry.changes[: len(entry.changes) - len(own)])
        day = max(day, entry.occurred_at.date())  # where clocks go back over midnight, days do not
        explained = _explained(program, evaluation, limits, result, by_id[entry.event_id], entry, day)
        if entry.total is not None and entry.period is not None:
            start = program.balances[entry.balance].start
            if periods.get(entry.balance, entry.period) != entry.period and totals[entry.balance] != start:
                before, name = totals[entry.balance], names.balances[entry.balance]
                text = f"a new period has begun: {name} went back from {before:,} to {start:,}"
                explained = replace(explained, reasons=(ExplainedStep(text), *explained.reasons))
            periods[entry.balance], totals[entry.balance] = entry.period, entry.total
        carried = {name: by_id[entry.event_id].attributes.get(name) for name in program.exports.references}
        timeline.append(replace(explained, references=carried))
        add(own, entry)
    add(result.closing)
    return tuple(timeline)


def _explained(  # noqa: PLR0913, PLR0917 - all there is to one event
    program: Program,
    evaluation: Evaluation,
    limits: Limits,
    result: MemberResult,
    event: Event,
    entry: Entry,
    day: date,
) -> ExplainedEvent:
    version = program.version(entry.version) if entry.version is not None else None
    timeline = evaluation.interpreter.timeline
    rules = {} if version is None else version.activities
    activity = (timeline.books[0].activities if timeline.fixed else rules).get(entry.activity)
    if version is None or activity is None:
        steps = [why_without_rule(program, result.member, entry, is_fixed=timeline.fixed)]
        return ExplainedEvent(entry.activity, None, tuple(steps), entry)
    activity = version.activities[activity.id]
    rule = version.span("activities", activity.id)
    if entry.outcome is Outcome.BEFORE_SIGN_UP:
        steps = [why_without_rule(program, result.member, entry, is_fixed=timeline.fixed)]
        return ExplainedEvent(activity.title or activity.id, rule, tuple(steps), entry)
    steps, member = [*why_read_as(version, activity, entry)], result.member.on(day)
    ready = timeline.books[0 if timeline.fixed else timeline.on(day)]
    event = filled(event, ready.defaults[activity.id], entry.level_before)
    if timeline.fixed:
        given_under = timeline.given_under(day, event.activity) or activity
        steps += why_not_comparable(timeline.reference(day), given_under, activity, member, event, entry)
    steps += reasons_of(version, activity, member, event, entry)
    steps += [limits.step(version, activity, day, entry, cut) for cut in entry.cuts]
    return ExplainedEvent(activity.title or activity.id, rule, tuple(steps), entry)
