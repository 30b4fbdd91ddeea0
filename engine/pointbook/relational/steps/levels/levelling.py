"""The level held at the beginning and end of each segment of an account's time.

What a segment does to the rank it begins with has the form `max(rank - fall, best)`: `fall` is 0
where no period has closed, 1 for one level down, and more than all levels where only what was
earned is carried on. Such steps in a row come to `max(rank - sum of falls, running maximum)`, which
needs no recursion: with one level down at each reset, bests of 2, 0 and 0 and falls of 0, 1 and 1
make the heights (best and falls so far, the highest yet) 2, 2 and 2, and the ranks 2, 1 and 0.

Only where the levels themselves change does a rank turn into another (an *era* ends); eras are few,
and are taken one after the other.

Under one version, and where a period hands on no more than what it has earned, every period of an
account is one segment, and the one before it is all that it needs to know of the past: `plain_levels`
finds in one pass over the segments what `levels` finds in three. With a threshold of 100, periods that
bring 150, 20 and 30 end with the level held for what they or the one before have earned: held, held, none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.levels.segments import SEGMENT, rank_reached

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import Table

    from pointbook.relational.steps.context import Context

_ALL_LEVELS = 1000
"""More levels than a version has."""
LEVELS = (
    *SEGMENT,
    *("set_no", "starts", "ends", "is_opening", "is_reset", "total_start", "total_end", "gained_before"),
    *("edition_before", "rank_before", "counted", "carried", "start_rank", "end_rank", "earned_at_end"),
)
"""Columns of the step `levels`."""
EARLIER = ("gained", "gain_before_that")
"""What only `plain_levels` reads of the segments before."""


def levels(context: Context, ended: Table) -> Table:
    """Every segment with its totals and the levels before it, carried into it, at its start and its end."""
    by_start = ibis.window(group_by=ended.account, order_by=ended.starts)
    before = ended.mutate(
        rank_before=ended.end_rank.lag().over(by_start).fill_null(NONE),
        edition_before=ended.edition.lag().over(by_start).fill_null(NONE),
        era_before=ended.era.lag().over(by_start).fill_null(0),
    )
    before = context.add("segments_after", "and with the rank held before each segment", before)
    counted = context.add(
        "counted_ranks",
        "and what that rank counts as in the segment's edition",
        before.mutate(counted=_counted(context, before)),
    )
    carried = ibis.cases(
        (~counted.is_reset, counted.counted),
        (counted.one_level, ibis.greatest(counted.earned_at_close, counted.counted - 1)),
        else_=counted.earned_at_close,
    )
    carried_on = context.add(
        "carried_ranks", "and what is carried into the segment", counted.mutate(carried=carried)
    )
    held = carried_on.mutate(
        start_rank=ibis.greatest(carried_on.carried, carried_on.earned_at_start),
        edition=carried_on.edition.cast("int16"),
    )
    return held.select(*LEVELS)


def segment_ends(context: Context, segments: Table) -> Table:
    """Every segment with its total, and the rank held at its end."""
    fallen = _ranks(context, segments)
    eras = context.book.eras
    keys = [fallen.account, fallen.era] if eras else [fallen.account]
    by_start = ibis.window(group_by=keys, order_by=fallen.starts, preceding=(None, 0))
    raised = fallen.mutate(height=(fallen.best + fallen.fallen).max().over(by_start))
    comment = "and the highest rank so far with the falls since put back"
    raised = context.add("segment_heights", comment, raised)
    if not eras:
        return raised.mutate(end_rank=raised.height - raised.fallen)
    entered = _era_ranks(context, raised)
    joined = raised.inner_join(entered, "account")
    numbers = range(len(eras) + 1)
    rank_in = ibis.cases(*((joined.era == era, joined[f"rank_in_{era}"]) for era in numbers))
    ended = joined.mutate(end_rank=ibis.greatest(rank_in, joined.height) - joined.fallen)
    return ended.drop(*(f"rank_in_{era}" for era in numbers))


def _ranks(context: Context, segments: Table) -> Table:
    """The segments with the ranks that their totals reach."""
    fall = ibis.cases((~segments.is_reset, 0), (segments.one_level, 1), else_=_ALL_LEVELS)
    with_falls = context.add(
        "segment_falls", "and with how far ranks fall where they begin", segments.mutate(fall=fall)
    )
    summed = context.add(
        "segment_totals",
        "segments with the total at their end, and all falls so far",
        with_falls.mutate(**_totals(context, with_falls)),
    )
    by_account = ibis.window(group_by=summed.account, order_by=summed.starts)
    summed = summed.mutate(
        closing=summed.total_end.lag().over(by_account).fill_null(context.level.start),
        total_start=summed.total_end - summed.gain,
        gained_before=summed.gained - summed.gain,
    )
    summed = context.add(
        "segment_bounds", "segments with the total at their beginning, and of the period before", summed
    )
    rise = (summed.peak - summed.gained_before).fill_null(0) if "peak" in summed.columns else summed.gain
    ranked = summed.mutate(
        earned_at_start=rank_reached(context, summed.total_start, summed),
        earned_at_end=rank_reached(context, summed.total_end, summed),
        earned_at_peak=rank_reached(context, summed.total_start + ibis.greatest(rise, 0), summed),
        earned_at_close=ibis.ifelse(summed.is_reset, rank_reached(context, summed.closing, summed), NONE),
    )
    ranked = ranked.mutate(best=ibis.greatest(ranked.earned_at_peak, ranked.earned_at_close))
    return context.add("segment_ranks", "segments with the ranks that their totals reach", ranked)


def _totals(context: Context, segments: Table) -> dict[str, Any]:
    """Running sums of gains, of falls, and of the period."""
    account, era, period = segments.account, segments.era, segments.level_period

    def so_far(*keys: Any) -> Any:
        return ibis.window(group_by=keys, order_by=segments.starts, preceding=(None, 0))

    eras = so_far(account, era) if context.book.eras else so_far(account)
    by_period = so_far(account, period)
    return {
        "gained": segments.gain.sum().over(so_far(account)).cast("int64"),
        "fallen": segments.fall.sum().over(eras).cast("int64"),
        "total_end": (segments.gain.sum().over(by_period) + context.level.start).cast("int64"),
    }


def _era_ranks(context: Context, raised: Table) -> Table:
    """Each account's rank at the beginning of every era, one era after the other."""
    numbers = range(len(context.book.eras) + 1)
    sums: dict[str, Any] = {}
    for era in numbers:
        is_era = raised.era == era
        sums[f"height_{era}"] = raised.height.max(where=is_era)
        sums[f"fallen_{era}"] = raised.fallen.max(where=is_era)
    chain = context.add(
        "eras", "falls and heights of each account by era", raised.group_by("account").aggregate(**sums)
    )
    chain = chain.mutate(rank_in_0=ibis.literal(NONE, type="int64"))
    for era, ranks in enumerate(context.book.eras):
        height, fallen = chain[f"height_{era}"].fill_null(NONE), chain[f"fallen_{era}"].fill_null(0)
        # An account without a segment in the era signed up later, and holds nothing yet.
        out = ibis.greatest(chain[f"rank_in_{era}"], height) - fallen
        ended = context.add(f"era_{era}", f"and the rank at the end of era {era}", chain.mutate(rank_out=out))
        chain = ended.mutate(**{f"rank_in_{era + 1}": _mapped(ended.rank_out, ranks)}).drop("rank_out")
    return context.add(
        "era_ranks",
        "the rank with which each account enters every era",
        chain.select("account", *(f"rank_in_{era}" for era in numbers)),
    )


def _mapped(rank: Any, ranks: Mapping[int, int]) -> Any:
    branches = [(rank == old, ibis.literal(new, type="int64")) for old, new in ranks.items()]
    none = ibis.literal(NONE, type="int64")
    return ibis.cases(*branches, else_=none) if branches else none


def _counted(context: Context, before: Table) -> Any:
    """What the rank held before counts as: itself within an era, what it turns into at an era's end."""
    branches = [
        ((before.era_before == era) & (before.era == era + 1), _mapped(before.rank_before, ranks))
        for era, ranks in enumerate(context.book.eras)
    ]
    return ibis.cases(*branches, else_=before.rank_before) if branches else before.rank_before


def plain_segment_ends(context: Context, segments: Table, columns: Sequence[str]) -> Table:
    """As `segment_ends`, each account having one edition; with those of `EARLIER` in `columns`."""
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
    """As `levels`."""
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
