"""Steps: the level held in each segment, where a period hands on no more than what it has earned.

Under one version, and where no level is held for longer, every period of an account is one segment,
and the one before it is all that it needs to know of the past. One pass over the segments finds
what `levelling` finds in three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.levelling import LEVELS, LEVELS_COMMENT
from pointbook.relational.steps.segments import rank_reached

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps


def add_plain_levels(
    steps: Steps, segments: Table, book: RuleBook, begins: int, *, with_changes: bool
) -> Table:
    """Step `levels`, as `levelling.add_levels` describes it, for rules that carry on what was earned.

    Args:
        steps: Where it is added.
        segments: What each brings, and its edition: each account has one edition.
        book: What the plan has to know of the rules.
        begins: The total with which every period of the level balance begins.
        with_changes: Whether more is asked for than the total and the level at each segment's end.
    """
    by_start = {"group_by": segments.account, "order_by": segments.starts}
    before = ibis.window(**by_start)
    found = {"gain_before": segments.gain.lag().over(before)}
    if with_changes:
        so_far = ibis.window(**by_start, preceding=(None, 0))
        found |= {
            "gained": segments.gain.sum().over(so_far).cast("int64"),
            "gain_before_that": segments.gain.lag(2).over(before),
        }
    summed = steps.add(
        "segment_totals", "segments with what those before them bring", segments.mutate(**found)
    )
    total_end = summed.gain + begins
    closing = summed.gain_before.fill_null(0) + begins
    ended = summed.mutate(
        total_end=total_end,
        earned_at_end=rank_reached(total_end, summed, book),
        earned_at_close=ibis.ifelse(summed.is_reset, rank_reached(closing, summed, book), NONE),
    )
    ended = ended.mutate(end_rank=ibis.greatest(ended.earned_at_end, ended.earned_at_close))
    ended = steps.add("segment_ends", "and the rank held at its end", ended)
    if not with_changes:
        return ended
    # The segment before was held at what it earned itself, or at what the one before that had earned.
    held_before = ibis.greatest(
        *(_earned(ended, gain, book, begins) for gain in ("gain_before", "gain_before_that"))
    )
    held = ended.mutate(
        edition=ended.edition.cast("int16"),
        total_start=ibis.literal(begins, type="int64"),
        gained_before=ended.gained - ended.gain,
        edition_before=ended.edition,
        rank_before=held_before,
        earned_at_start=rank_reached(ibis.literal(begins, type="int64"), ended, book),
    )
    held = held.mutate(
        counted=held.rank_before, carried=ibis.ifelse(held.is_reset, held.earned_at_close, held.rank_before)
    )
    held = held.mutate(start_rank=ibis.greatest(held.carried, held.earned_at_start))
    return steps.add("levels", LEVELS_COMMENT, held.select(*LEVELS), is_shared=True)


def _earned(segments: Table, gain: str, book: RuleBook, begins: int) -> Any:
    """The rank that an earlier period's gain earned, none where there was no such period."""
    earlier = segments[gain]
    return ibis.ifelse(earlier.notnull(), rank_reached(earlier.fill_null(0) + begins, segments, book), NONE)
