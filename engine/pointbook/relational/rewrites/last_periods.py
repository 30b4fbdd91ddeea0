"""Periods before the last two are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.steps.levels.periods import last_two_periods

if TYPE_CHECKING:
    from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan


def last_periods(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where only standings read levels, and a period hands on no more than what it has earned.

    >>> from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan
    >>> plan = LogicalPlan.sketched("periods <- accounts", "levels <- periods", "standings <- levels")
    >>> print(last_periods(plan, Facts(carries_earned=True)))
    periods <- accounts by last_two_periods
    levels <- periods
    standings <- levels
    """
    if plan.readers("levels") != ("standings",) or not facts.carries_earned:
        return plan
    return plan.changed("periods", function=last_two_periods)
