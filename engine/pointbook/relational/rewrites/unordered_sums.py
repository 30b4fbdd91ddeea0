"""Events are summed in no order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.steps.awarding.awarded_events import awarded_amounts
from pointbook.relational.steps.valuing.valued_events import valued_amounts

if TYPE_CHECKING:
    from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan

_FOR_LIMITS = ("activity", "event_id")


def unordered_sums(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where no result lists events and points of the level balance cannot be lost.

    Then only limits are about the order of events. Those that can meet one are read with their order,
    found by their activity, and all others without; what is awarded is no more than amounts.

    >>> from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan
    >>> plan = LogicalPlan.sketched(
    ...     "awarded_events <- valued_events", "summed_events <- awarded_events", "sums <- summed_events"
    ... )
    >>> print(unordered_sums(plan, Facts(level_can_fall=False)))
    awarded_events <- valued_events by awarded_amounts
    sums <- awarded_events
    """
    if plan.lists_events or facts.level_can_fall:
        return plan
    plan = plan.narrowed("valued_events", *_FOR_LIMITS).widened("valued_events", *_FOR_LIMITS)
    plan = plan.changed("valued_events", function=valued_amounts, is_read_anew=True)
    plan = plan.changed("awarded_events", function=awarded_amounts)
    return plan.without("summed_events", instead="awarded_events")
