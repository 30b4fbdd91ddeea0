"""What is held at the beginning of a segment is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.steps.levels.plain_levels import EARLIER

if TYPE_CHECKING:
    from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan


def ends_alone(plan: LogicalPlan, _facts: Facts) -> LogicalPlan:
    """Where only standings read levels: they need total and level at a segment's end.

    >>> from pointbook.relational.rewrites.logical_plan import Facts, LogicalPlan
    >>> plan = LogicalPlan.sketched(
    ...     "segment_ends <- segment_gains", "levels <- segment_ends", "standings <- levels"
    ... )
    >>> print(ends_alone(plan, Facts()))
    segment_ends <- segment_gains
    standings <- segment_ends
    """
    if plan.readers("levels") != ("standings",):
        return plan
    return plan.without("levels", instead="segment_ends").narrowed("segment_ends", *EARLIER)
