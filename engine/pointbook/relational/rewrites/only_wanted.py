"""What no wanted result needs is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.rewrites.logical_plan import LogicalPlan

if TYPE_CHECKING:
    from pointbook.relational.rewrites.logical_plan import Facts


def only_wanted(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Always: a plan has all results, of which an evaluation may want some.

    >>> from pointbook.relational.rewrites.logical_plan import Facts
    >>> plan = LogicalPlan.sketched("sums <- events", "ledger <- events", "standings <- sums")
    >>> print(only_wanted(plan, Facts(results=("standings",))))
    sums <- events
    standings <- sums
    """
    needed: set[str] = set()
    kept = []
    for one in reversed(plan.operators):
        if one.kind in facts.results or one.name in needed:
            needed.update(one.reads)
            kept.append(one)
    return LogicalPlan(tuple(reversed(kept)))
