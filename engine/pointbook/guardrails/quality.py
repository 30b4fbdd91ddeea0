"""Measures of the log itself: rows that could not be used, and events that count nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.guardrails.figures import Measured, part_of, part_text
from pointbook.guardrails.unchecked import events_counted
from pointbook.model.ledger import Outcome
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.guardrail import Guardrail


def rejected_rows(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Rows of events and of members that could not be used, of all that were read."""
    quality = comparison.quality
    return _share(guardrail, sum(quality.rejects.values()), quality.events_read + quality.members_read, "row")


def uncounted_events(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Events up to the as-of date that count nothing under the new rules, though no limit cut them."""
    outcomes = comparison.quality.new_outcomes
    events = sum(outcomes.values())
    uncounted = events - events_counted(outcomes)
    why = ", ".join(
        f"{count:,} {outcome}"
        for outcome, count in outcomes.items()
        if count and not Outcome(outcome).is_valued
    )
    found = _share(guardrail, uncounted, events, "event")
    return replace(found, text=f"{found.text}: {why}") if why else found


def _share(guardrail: Guardrail, count: int, whole: int, noun: str) -> Measured:
    figure = part_of(count, whole)
    text = part_text(f"{count:,} of {quantity(whole, noun)}", figure, guardrail)
    return Measured(figure, figure.exceeds(guardrail), text)
