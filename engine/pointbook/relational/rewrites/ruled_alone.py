"""Events without a rule are left out, and columns that only a ledger has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.steps.valuing.valued_events import ruled_events_alone

if TYPE_CHECKING:
    from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan


def ruled_alone(plan: LogicalPlan, _facts: Facts) -> LogicalPlan:
    """Where no result lists events: those without a rule are awarded nothing, and sums are of numbers.

    >>> from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan
    >>> plan = LogicalPlan.sketched("ruled_events <- dated_events, rules", "sums <- ruled_events")
    >>> print(ruled_alone(plan, Facts()))
    ruled_events <- dated_events, rules by ruled_events_alone
    sums <- ruled_events
    """
    if plan.lists_events:
        return plan
    comment = "events whose activity has a rule, with it"
    plan = plan.changed("ruled_events", function=ruled_events_alone, comment=comment)
    plan = plan.narrowed("valued_events", "activity", "is_ignored", "is_assumed")
    return plan.changed("summed_events", is_shared=False)
