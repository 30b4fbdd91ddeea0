"""Levels come from each period and the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.steps.levels.plain_levels import EARLIER, plain_levels, plain_segment_ends

if TYPE_CHECKING:
    from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan


def plain_periods(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where versions do not change and a period hands on no more than what it has earned.

    Then no running maximum over all periods is needed: one pass over them instead of three.

    >>> from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan
    >>> plan = LogicalPlan.sketched("segment_ends <- segment_gains", "levels <- segment_ends")
    >>> print(plain_periods(plan, Facts(carries_earned=True, has_one_edition_each=True)))
    segment_ends (gained, gain_before_that) <- segment_gains by plain_segment_ends
    levels <- segment_ends by plain_levels
    """
    if not (facts.carries_earned and facts.has_one_edition_each):
        return plan
    plan = plan.changed("segment_ends", function=plain_segment_ends, columns=EARLIER)
    return plan.changed("levels", function=plain_levels)
