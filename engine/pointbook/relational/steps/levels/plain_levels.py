"""The level held in each segment, where a period hands on no more than what it has earned.

Under one version, and where no level is held for longer, every period of an account is one segment,
and the one before it is all that it needs to know of the past. One pass over the segments finds
what `levelling` finds in three. With a threshold of 100, periods that bring 150, 20 and 30 end with
the level held for what they or the one before have earned: held, held, none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.levels.levelling import LEVELS
from pointbook.relational.steps.levels.segments import rank_reached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table

    from pointbook.relational.steps.context import Context

EARLIER = ("gained", "gain_before_that")
"""What only `plain_levels` reads of the segments before."""


def plain_segment_ends(context: Context, segments: Table, columns: Sequence[str]) -> Table:
    """As `levelling.segment_ends`, each account having one edition; with those of `EARLIER` in `columns`."""
    begins = context.level.start
    by_start = {"group_by": segments.account, "order_by": segments.starts}
    before, so_far = ibis.window(**by_start), ibis.window(**by_start, preceding=(None, 0))
    earlier = {
        "gained": segments.gain.sum().over(so_far).cast("int64"),
        "gain_before_that": segments.gain.lag(2).over(before),
    }
    summed = context.add(
        "segment_totals",
        "segments with what those before them bring",
        segments.mutate(
            gain_before=segments.gain.lag().over(before),
            **{name: value for name, value in earlier.items() if name in columns},
        ),
    )
    total_end = summed.gain + begins
    closing = summed.gain_before.fill_null(0) + begins
    ended = summed.mutate(
        total_end=total_end,
        earned_at_end=rank_reached(context, total_end, summed),
        earned_at_close=ibis.ifelse(summed.is_reset, rank_reached(context, closing, summed), NONE),
    )
    return ended.mutate(end_rank=ibis.greatest(ended.earned_at_end, ended.earned_at_close))


def plain_levels(context: Context, ended: Table) -> Table:
    """As `levelling.levels`."""
    begins = ibis.literal(context.level.start, type="int64")
    # The segment before was held at what it earned itself, or at what the one before that had earned.
    held_before = ibis.greatest(
        *(_earned(context, ended, gain) for gain in ("gain_before", "gain_before_that"))
    )
    held = ended.mutate(
        edition=ended.edition.cast("int16"),
        total_start=begins,
        gained_before=ended.gained - ended.gain,
        edition_before=ended.edition,
        rank_before=held_before,
        earned_at_start=rank_reached(context, begins, ended),
    )
    held = held.mutate(
        counted=held.rank_before, carried=ibis.ifelse(held.is_reset, held.earned_at_close, held.rank_before)
    )
    return held.mutate(start_rank=ibis.greatest(held.carried, held.earned_at_start)).select(*LEVELS)


def _earned(context: Context, segments: Table, gain: str) -> Any:
    """The rank that an earlier period's gain earned, none where there was no such period."""
    earlier = segments[gain]
    total = earlier.fill_null(0) + context.level.start
    return ibis.ifelse(earlier.notnull(), rank_reached(context, total, segments), NONE)
