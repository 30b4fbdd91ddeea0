"""Steps: the level held at the beginning and end of each segment of an account's time.

What a segment does to the rank it begins with has the form `max(rank - fall, best)`: `fall` is 0
where no period has closed, 1 for one level down, and more than all levels where only what was
earned is carried on. Such steps in a row come to `max(rank - sum of falls, running maximum)`, which
needs no recursion. Only where the levels themselves change does a rank turn into another (an *era*
ends); eras are few, and are worked off one after the other. Source: docs/meaning.md, "Levels".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.segments import SEGMENT, rank_reached

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import Table

    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps

_ALL_LEVELS = 1000
"""More levels than a version has."""
LEVELS = (
    *SEGMENT,
    *("set_no", "starts", "ends", "is_opening", "is_reset", "total_start", "total_end", "gained_before"),
    *("edition_before", "rank_before", "counted", "carried", "start_rank", "end_rank", "earned_at_end"),
)
"""Columns of the step `levels`."""
LEVELS_COMMENT = "segments with their totals, and the ranks before, carried into, at the start and at the end"


def add_levels(steps: Steps, segments: Table, book: RuleBook, begins: int, *, with_changes: bool) -> Table:
    """Step `levels`: every segment with its totals and the levels at its beginning and end.

    Args:
        steps: Where it is added.
        segments: What each brings, and its edition.
        book: What the plan has to know of the rules.
        begins: The total with which every period of the level balance begins.
        with_changes: Whether more is asked for than the total and the level at each segment's end.
    """
    ranked = _add_ranks(steps, segments, book, begins)
    ended = _add_ends(steps, ranked, book)
    if not with_changes:
        return ended
    by_start = ibis.window(group_by=ended.account, order_by=ended.starts)
    before = ended.mutate(
        rank_before=ended.end_rank.lag().over(by_start).fill_null(NONE),
        edition_before=ended.edition.lag().over(by_start).fill_null(NONE),
        era_before=ended.era.lag().over(by_start).fill_null(0),
    )
    before = steps.add("segments_after", "and with the rank held before each segment", before)
    counted = steps.add(
        "counted_ranks",
        "and what that rank counts as in the segment's edition",
        before.mutate(counted=_counted(before, book)),
    )
    carried = ibis.cases(
        (~counted.is_reset, counted.counted),
        (counted.one_level, ibis.greatest(counted.earned_at_close, counted.counted - 1)),
        else_=counted.earned_at_close,
    )
    carried_on = steps.add(
        "carried_ranks", "and what is carried into the segment", counted.mutate(carried=carried)
    )
    held = carried_on.mutate(
        start_rank=ibis.greatest(carried_on.carried, carried_on.earned_at_start),
        edition=carried_on.edition.cast("int16"),
    )
    return steps.add("levels", LEVELS_COMMENT, held.select(*LEVELS), is_shared=True)


def _add_ranks(steps: Steps, segments: Table, book: RuleBook, begins: int) -> Table:
    """The segments with the ranks that their totals reach."""
    fall = ibis.cases((~segments.is_reset, 0), (segments.one_level, 1), else_=_ALL_LEVELS)
    with_falls = steps.add(
        "segment_falls", "and with how far ranks fall where they begin", segments.mutate(fall=fall)
    )
    summed = steps.add(
        "segment_totals",
        "segments with the total at their end, and all falls so far",
        with_falls.mutate(**_totals(with_falls, book, begins)),
    )
    by_account = ibis.window(group_by=summed.account, order_by=summed.starts)
    summed = summed.mutate(
        closing=summed.total_end.lag().over(by_account).fill_null(begins),
        total_start=summed.total_end - summed.gain,
        gained_before=summed.gained - summed.gain,
    )
    summed = steps.add(
        "segment_bounds", "segments with the total at their beginning, and of the period before", summed
    )
    rise = (summed.peak - summed.gained_before).fill_null(0) if "peak" in summed.columns else summed.gain
    ranked = summed.mutate(
        earned_at_start=rank_reached(summed.total_start, summed, book),
        earned_at_end=rank_reached(summed.total_end, summed, book),
        earned_at_peak=rank_reached(summed.total_start + ibis.greatest(rise, 0), summed, book),
        earned_at_close=ibis.ifelse(summed.is_reset, rank_reached(summed.closing, summed, book), NONE),
    )
    ranked = ranked.mutate(best=ibis.greatest(ranked.earned_at_peak, ranked.earned_at_close))
    return steps.add("segment_ranks", "segments with the ranks that their totals reach", ranked)


def _totals(segments: Table, book: RuleBook, begins: int) -> dict[str, Any]:
    """Running sums of gains, of falls, and of the period."""
    account, era, period = segments.account, segments.era, segments.level_period

    def so_far(*keys: Any) -> Any:
        return ibis.window(group_by=keys, order_by=segments.starts, preceding=(None, 0))

    eras = so_far(account, era) if book.eras else so_far(account)
    by_period = so_far(account, period)
    return {
        "gained": segments.gain.sum().over(so_far(account)).cast("int64"),
        "fallen": segments.fall.sum().over(eras).cast("int64"),
        "total_end": (segments.gain.sum().over(by_period) + begins).cast("int64"),
    }


def _add_ends(steps: Steps, fallen: Table, book: RuleBook) -> Table:
    """Every segment with the rank held at its end."""
    keys = [fallen.account, fallen.era] if book.eras else [fallen.account]
    by_start = ibis.window(group_by=keys, order_by=fallen.starts, preceding=(None, 0))
    raised = fallen.mutate(height=(fallen.best + fallen.fallen).max().over(by_start))
    raised = steps.add("segment_heights", "and the highest rank so far with the falls since put back", raised)
    if not book.eras:
        return steps.add(
            "segment_ends",
            "and the rank held at its end",
            raised.mutate(end_rank=raised.height - raised.fallen),
        )
    entered = _add_eras(steps, raised, book)
    joined = raised.inner_join(entered, "account")
    numbers = range(len(book.eras) + 1)
    rank_in = ibis.cases(*((joined.era == era, joined[f"rank_in_{era}"]) for era in numbers))
    ended = joined.mutate(end_rank=ibis.greatest(rank_in, joined.height) - joined.fallen)
    return steps.add(
        "segment_ends", "and the rank held at its end", ended.drop(*(f"rank_in_{era}" for era in numbers))
    )


def _add_eras(steps: Steps, raised: Table, book: RuleBook) -> Table:
    """Each account's rank at the beginning of every era, one era after the other."""
    numbers = range(len(book.eras) + 1)
    sums: dict[str, Any] = {}
    for era in numbers:
        is_era = raised.era == era
        sums[f"height_{era}"] = raised.height.max(where=is_era)
        sums[f"fallen_{era}"] = raised.fallen.max(where=is_era)
    chain = steps.add(
        "eras", "falls and heights of each account by era", raised.group_by("account").aggregate(**sums)
    )
    chain = chain.mutate(rank_in_0=ibis.literal(NONE, type="int64"))
    for era, ranks in enumerate(book.eras):
        height, fallen = chain[f"height_{era}"].fill_null(NONE), chain[f"fallen_{era}"].fill_null(0)
        # An account without a segment in the era signed up later, and holds nothing yet.
        out = ibis.greatest(chain[f"rank_in_{era}"], height) - fallen
        ended = steps.add(f"era_{era}", f"and the rank at the end of era {era}", chain.mutate(rank_out=out))
        chain = ended.mutate(**{f"rank_in_{era + 1}": _mapped(ended.rank_out, ranks)}).drop("rank_out")
    return steps.add(
        "era_ranks",
        "the rank with which each account enters every era",
        chain.select("account", *(f"rank_in_{era}" for era in numbers)),
    )


def _mapped(rank: Any, ranks: Mapping[int, int]) -> Any:
    branches = [(rank == old, ibis.literal(new, type="int64")) for old, new in ranks.items()]
    none = ibis.literal(NONE, type="int64")
    return ibis.cases(*branches, else_=none) if branches else none


def _counted(before: Table, book: RuleBook) -> Any:
    """What the rank held before counts as: itself within an era, what it turns into at an era's end."""
    branches = [
        ((before.era_before == era) & (before.era == era + 1), _mapped(before.rank_before, ranks))
        for era, ranks in enumerate(book.eras)
    ]
    return ibis.cases(*branches, else_=before.rank_before) if branches else before.rank_before
