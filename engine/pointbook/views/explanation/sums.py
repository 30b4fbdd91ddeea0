"""What a member's events came to by period and activity, and why some of them did not count."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from pointbook.model.amounts import in_results
from pointbook.model.ledger import Outcome
from pointbook.model.rules import anniversary
from pointbook.views.explanation.explained import ExplainedActivity, ExplainedOutcome, ExplainedPeriod

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.model.log import Member
    from pointbook.model.program import Program
    from pointbook.model.rules import LeapDayIn
    from pointbook.views.explanation.explained import ExplainedEntry

_BEFORE_SIGN_UP = -1
"""Stands in for the number of the period, so that it is the first."""


def periods_of(
    program: Program,
    member: Member,
    entries: Iterable[ExplainedEntry],
    *,
    as_of: date,
    leap_day_in: LeapDayIn,
) -> tuple[ExplainedPeriod, ...]:
    """The periods in which there are events; the level balance first, and the latest period first.

    Args:
        program: The rules.
        member: Whose events they are.
        entries: What their events came to, in order.
        as_of: The last day that counts.
        leap_day_in: The leap-day policy of a common year.
    """
    order = {name: (name != program.level_balance, place) for place, name in enumerate(program.balances)}
    by_period: dict[tuple[str, int], list[ExplainedEntry]] = defaultdict(list)
    for one in entries:
        entry = one.entry
        by_period[entry.balance, _BEFORE_SIGN_UP if entry.period is None else entry.period].append(one)
    found = []
    for (name, number), own in sorted(by_period.items(), key=lambda item: (order[item[0][0]], -item[0][1])):
        balance = program.balances[name]
        day_of = partial(anniversary, member.signed_up_on, leap_day_in=leap_day_in)
        is_before = number == _BEFORE_SIGN_UP
        begins, ends = (
            (None, None) if is_before else balance.resets.bounds(number, member.signed_up_on, day_of)
        )
        found.append(
            ExplainedPeriod(
                balance=name,
                period=None if is_before else number,
                begins=begins,
                ends=ends,
                start=in_results(balance.start),
                total=own[-1].entry.total or 0,
                events=len(own),
                activities=_activities(own, as_of),
            )
        )
    return tuple(found)


def _activities(events: Sequence[ExplainedEntry], as_of: date) -> tuple[ExplainedActivity, ...]:
    """The events by activity, from the one that came to most."""
    by_activity: dict[str, list[ExplainedEntry]] = defaultdict(list)
    for event in events:
        by_activity[event.entry.activity].append(event)
    found = [
        ExplainedActivity(
            activity=activity,
            events=len(own),
            requested=sum(event.entry.requested for event in own),
            awarded=sum(event.entry.awarded for event in own),
            outcomes=_outcomes(own, as_of),
        )
        for activity, own in by_activity.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.awarded, -one.events, one.activity)))


def _outcomes(events: Sequence[ExplainedEntry], as_of: date) -> tuple[ExplainedOutcome, ...]:
    """The events by what became of them and why; the most frequent reason of an outcome first."""
    by_reason: dict[tuple[Outcome, tuple[str, ...]], list[ExplainedEntry]] = defaultdict(list)
    for event in events:
        gists = tuple(step.gist for step in event.reasons if step.gist)
        by_reason[event.entry.outcome, gists].append(event)
    order = list(Outcome)
    found = [
        ExplainedOutcome(
            outcome=outcome,
            reasons=tuple(step for step in own[-1].reasons if step.gist),
            event_ids=tuple(event.entry.event_id for event in own),
            requested=sum(event.entry.requested for event in own),
            awarded=sum(event.entry.awarded for event in own),
            begins_anew=_begins_anew(own, as_of),
        )
        for (outcome, _), own in by_reason.items()
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (order.index(one.outcome), bool(one.reasons), -len(one.event_ids), one.event_ids),
        )
    )


def _begins_anew(events: Iterable[ExplainedEntry], as_of: date) -> date | None:
    days = [step.begins_anew for event in events for step in event.reasons if step.begins_anew is not None]
    latest = max(days, default=None)
    return latest if latest is not None and latest > as_of else None
