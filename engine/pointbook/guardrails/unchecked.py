"""Why a guardrail was not checked: there was nothing of what it limits to look at.

A guardrail holds only for what was looked at. What it would measure without that is made up: nobody
loses anything where no event counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from pointbook.changes.kinds import Kind
from pointbook.guardrails.guardrail import Measure
from pointbook.guardrails.points import moved_balances, nothing_in
from pointbook.model.ledger import Outcome
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.guardrail import Guardrail

LONGEST_SILENCE = timedelta(days=31)
"""From the last event to an as-of date at which levels are still what members made of them."""

LONGEST_SILENCE_REPEATED = timedelta(days=366)
"""Likewise with repeats: members are as quiet in them as in the year before, if they did anything in it."""

COUNTED = (Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED)
"""Outcomes of events that the rules could value; all others were not looked at."""

_BEGINNINGS = (Kind.RESETS_CHANGED, Kind.START_RAISED, Kind.START_LOWERED)

_NO_EVENT = "the log has no event"


def reason_not_checked(guardrail: Guardrail, comparison: ComparisonResult) -> str:
    """Why it was not checked, in words; empty where it was."""
    match guardrail.measure:
        case Measure.NOTICE_DAYS:
            return ""
        case Measure.REJECTED_ROWS:
            return "" if comparison.quality.events_read else _NO_EVENT
        case Measure.UNCOUNTED_EVENTS:
            return "" if comparison.quality.events else _no_event(comparison)
        case Measure.MEMBERS_LOSING_POINTS | Measure.TOTAL_POINTS_CHANGE:
            return (
                _nothing_counted(comparison)
                or _other_resets(guardrail, comparison)
                or _nothing_awarded(guardrail, comparison)
            )
        case Measure.MEMBERS_LOSING_LEVEL | Measure.MEMBERS_LOSING_BENEFITS | Measure.LEVEL_SHARE:
            return _nothing_counted(comparison) or _no_levels(guardrail, comparison) or _silence(comparison)
        case Measure.MORE_DEMOTIONS:
            return _nothing_counted(comparison) or _no_anniversary(comparison) or _silence(comparison)
        case _:
            assert_never(guardrail.measure)


def _nothing_counted(comparison: ComparisonResult) -> str:
    """Why no event tells the two sides apart."""
    quality = comparison.quality
    if not comparison.members:
        return f"no member has signed up by {comparison.as_of}"
    if quality.last_counted is None:
        return _no_event(comparison)
    if comparison.since is not None and not quality.counted_in_force:
        last = quality.last_counted
        return (
            f"no event counted while the new version is in force, from {comparison.since}: the last one that"
            f" counted is of {last}"
        )
    return ""


def _other_resets(guardrail: Guardrail, comparison: ComparisonResult) -> str:
    """Why what was awarded does not tell what members have: one begins anew on other days."""
    for change in comparison.changes:
        if change.kind in _BEGINNINGS and guardrail.balance in {None, change.rule_id}:
            return f"{change.sentence}; points are compared as awarded, which does not tell what is left"
    return ""


def _nothing_awarded(guardrail: Guardrail, comparison: ComparisonResult) -> str:
    """Why there are no points of which the guardrail could tell anything."""
    if moved_balances(guardrail, comparison):
        return ""
    titles = [summary.title for summary in comparison.balances if summary.balance == guardrail.balance]
    either = " under either version" if comparison.since is None else ""
    return nothing_in(titles, comparison) + either


def events_counted(outcomes: Mapping[str, int]) -> int:
    """How many events the rules could value, though a limit may have left nothing of it."""
    return sum(outcomes.get(outcome, 0) for outcome in COUNTED)


def _no_event(comparison: ComparisonResult) -> str:
    """Why no event counted under either."""
    quality = comparison.quality
    if not quality.events_read:
        return _NO_EVENT
    if not quality.events:
        late = quality.after_as_of
        rejected = quality.events_read - late
        parts = [f"{rejected:,} of {quantity(quality.events_read, 'row')} rejected"] if rejected else []
        parts += (
            [f"{late:,} of {quantity(quality.events_read, 'row')} after {comparison.as_of}"] if late else []
        )
        return f"no event was evaluated: {', '.join(parts)}"
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in quality.new_outcomes.items())
    return f"no event counted: {counts}"


def _no_levels(guardrail: Guardrail, comparison: ComparisonResult) -> str:
    """Why there is no level, or no benefit, of which the guardrail could tell anything."""
    if guardrail.level is not None and guardrail.level not in comparison.new.levels:
        return f"version {comparison.new.id} has no level `{guardrail.level}`"
    if not comparison.levels:
        return "no version here has a level"
    if guardrail.balance is not None and guardrail.balance not in _asked(comparison):
        return f"no level asks for points in `{guardrail.balance}`"
    sides = (comparison.old, comparison.new)
    if guardrail.measure is Measure.MEMBERS_LOSING_BENEFITS and not any(side.benefits for side in sides):
        return "neither version has a benefit"
    return ""


def _asked(comparison: ComparisonResult) -> set[str]:
    """The balances of which some level asks for a minimum on either side."""
    own = {summary.balance for summary in comparison.balances if summary.decides_levels}
    levels = (level for side in (comparison.old, comparison.new) for level in side.levels.values())
    return own.union(*(level.further_balances for level in levels))


def _no_anniversary(comparison: ComparisonResult) -> str:
    """Why nobody could be demoted: only the end of a level period takes a level away."""
    ends = (closing.last for member in comparison.members for closing in member.new.closings)
    first = comparison.since
    if any(first is None or end + timedelta(days=1) >= first for end in ends):
        return ""
    since = "" if first is None else f" from {first}"
    return f"nobody's level period ends{since} up to {comparison.as_of}, so nobody could be demoted"


def _silence(comparison: ComparisonResult) -> str:
    """Why levels are made up: nobody does anything for long before the as-of date."""
    last = comparison.quality.last_counted
    longest = LONGEST_SILENCE_REPEATED if comparison.replays else LONGEST_SILENCE
    if last is None or comparison.as_of - last <= longest:
        return ""
    days = quantity((comparison.as_of - last).days, "day")
    return (
        f"the as-of date {comparison.as_of} is {days} after the last event that counted, of {last}, so"
        " levels are made up"
    )
