"""An event counts on its local date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan


def local_days(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where no night of the log steps back over midnight: the latest day reached is the local date.

    That spares a pass over all events in their order, and a column.

    >>> from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan
    >>> plan = LogicalPlan.sketched("days_of_events <- counted_events", "dated_events <- days_of_events")
    >>> print(local_days(plan, Facts(steps_back=False)))
    dated_events <- counted_events
    """
    if facts.steps_back:
        return plan
    return plan.without("days_of_events", instead="counted_events").narrowed("valued_events", "day")
