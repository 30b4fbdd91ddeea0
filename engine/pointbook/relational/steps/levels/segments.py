"""Segments of each account's time, with what each brings.

A *segment* is a stretch of one account in which neither the edition nor the period of the level
balance changes; within it, levels only rise.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.rulebook.codes import NONE

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from pointbook.relational.steps.context import Context

SEGMENT = ("account", "edition", "level_period")
"""Columns that name a segment."""


def rank_reached(context: Context, total: Any, edition: Table) -> Any:
    """Rank of the highest level that `total` reaches, -1 for none; `edition` has its thresholds.

    With thresholds of 100 and 300, a total of 150 has rank 0: -1 and one for each that it reaches.
    """
    reached = [
        ibis.ifelse((total >= edition[f"threshold_{rank}"]) & (edition.level_count > rank), 1, 0)
        for rank in range(context.book.levels)
    ]
    return (reduce(add, reached, ibis.literal(NONE, type="int64"))).cast("int64")


def gains(context: Context, sums: Table) -> Table:
    """What each segment brings, and the most gained in it where gains can be lost again."""
    mine = sums.filter(sums.balance_no == context.program.level_balance_no)
    found = {"gain": mine.awarded.sum().cast("int64")}
    if context.level_can_fall:
        found["peak"] = mine.peak.max()
    return mine.group_by(*SEGMENT).aggregate(**found)


def segment_gains(context: Context, periods: Table, gains: Table, editions: Table) -> Table:
    """The segments of each account with what they bring."""
    pairs = periods.inner_join(editions, "set_no")
    pairs = pairs.mutate(
        starts=ibis.greatest(pairs.period_start, pairs.starts_on),
        ends=ibis.least(pairs.period_end, pairs.ends_on),
    )
    as_of = ibis.literal(context.as_of, type="date")
    pairs = pairs.filter((pairs.starts < pairs.ends) & (pairs.starts <= as_of))
    cut = context.add("segments", "stretches of an account's time with one edition and one period", pairs)
    joined = cut.left_join(gains, list(SEGMENT)).drop(*(f"{name}_right" for name in SEGMENT))
    joined = joined.mutate(gain=joined.gain.fill_null(0), is_opening=joined.starts == joined.signed_up_on)
    return joined.mutate(is_reset=(joined.starts == joined.period_start) & ~joined.is_opening)
