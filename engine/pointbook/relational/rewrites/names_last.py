"""Events are sorted as numbers, and named afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.relational.steps.results.ledger import sorted_events, sorted_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan, Operator


def names_last(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """For an engine that keeps the order of sorted rows, and results that list events.

    Sorting takes as long as rows are wide: the events of the ledger are sorted while an activity, a
    balance, a level is a number, and get the names in their order.

    >>> from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan
    >>> plan = LogicalPlan.sketched("ranked_events <- summed_events", "ledger <- ranked_events")
    >>> print(names_last(plan, Facts(keeps_order=True)))
    ranked_events <- summed_events
    ledger <- ranked_events
    sorted_events <- ranked_events
    sorted_ledger <- sorted_events
    """
    if not (facts.keeps_order and plan.lists_events):
        return plan

    def in_order(ledger: Operator) -> Iterator[Operator]:
        suffix = ledger.name.removeprefix(ledger.kind)
        name = f"sorted_events{suffix}"
        comment = "the events in the order of the ledger"
        yield replace(ledger, name=name, comment=comment, function=sorted_events)
        comment = "the ledger, in its order"
        yield replace(
            ledger, name=f"sorted_ledger{suffix}", comment=comment, reads=(name,), function=sorted_ledger
        )

    plan = plan.narrowed("valued_events", "activity")
    plan = plan.widened("valued_events", "activity_no", "other_activity")
    return plan.followed("ledger", in_order)
