"""Why a guardrail was not checked: there was nothing of what it limits to look at.

A guardrail holds only for what was looked at. What it would measure without that is made up: nobody
loses anything where no event counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pointbook.guardrails.guardrail import Measure
from pointbook.model.ledger import Outcome
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.comparison.result import ComparisonResult, Quality
    from pointbook.guardrails.guardrail import Guardrail

LONGEST_SILENCE = timedelta(days=31)
"""From the last event to an as-of date at which levels are still what members made of them."""

COUNTED = (Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED)
"""Outcomes of events that the rules could value; all others were not looked at."""

_OF_LEVELS = (
    Measure.MEMBERS_LOSING_LEVEL,
    Measure.MEMBERS_LOSING_BENEFITS,
    Measure.MORE_DEMOTIONS,
    Measure.LEVEL_SHARE,
)


def reason_not_checked(guardrail: Guardrail, comparison: ComparisonResult) -> str:
    """Why it was not checked, in words; empty where it was."""
    if guardrail.measure is Measure.NOTICE_DAYS:
        return ""
    if reason := _nothing_counted(comparison):
        return reason
    if guardrail.measure in _OF_LEVELS:
        return _no_levels(guardrail, comparison) or _long_silence(comparison)
    return ""


def _nothing_counted(comparison: ComparisonResult) -> str:
    """Why no event tells the two sides apart."""
    if not comparison.members:
        return f"no member has signed up by {comparison.as_of}"
    quality = comparison.quality
    if not events_counted(quality.old_outcomes) and not events_counted(quality.new_outcomes):
        return _no_event(quality)
    last = comparison.last_event
    if comparison.since is not None and last is not None and comparison.since > last:
        return f"the new version takes effect on {comparison.since}, and the last event is of {last}"
    return ""


def events_counted(outcomes: Mapping[str, int]) -> int:
    """How many events the rules could value, though a limit may have left nothing of it."""
    return sum(outcomes.get(outcome, 0) for outcome in COUNTED)


def _no_event(quality: Quality) -> str:
    """Why no event counted under either."""
    if not quality.events_read:
        return "the log has no event"
    if not quality.events:
        late = quality.after_as_of
        rejected = (
            f"{quality.events_read - late:,} of {quantity(quality.events_read, 'row')} of events rejected"
        )
        return f"no event was evaluated: {rejected}, {late:,} later than the as-of date"
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in quality.new_outcomes.items())
    return f"no event counted: {counts}"


def _no_levels(guardrail: Guardrail, comparison: ComparisonResult) -> str:
    """Why there is no level, or no benefit, of which the guardrail could tell anything."""
    if guardrail.level is not None and guardrail.level not in comparison.new.levels:
        return f"version {comparison.new.id} has no level `{guardrail.level}`"
    if not comparison.levels:
        return "no version here has a level"
    sides = (comparison.old, comparison.new)
    if guardrail.measure is Measure.MEMBERS_LOSING_BENEFITS and not any(side.benefits for side in sides):
        return "neither version has a benefit"
    return ""


def _long_silence(comparison: ComparisonResult) -> str:
    """Why levels are made up: nobody does anything for long before the as-of date."""
    last = comparison.last_event
    if last is None or comparison.as_of - last <= LONGEST_SILENCE:
        return ""
    days = quantity((comparison.as_of - last).days, "day")
    return f"the as-of date {comparison.as_of} is {days} after the last event, of {last}: levels are made up"
