"""Steps: segments of each account's time, with what each brings.

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
    from datetime import date

    from ibis.expr.types import Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps

SEGMENT = ("account", "edition", "level_period")
"""Columns that name a segment."""


def rank_reached(total: Any, edition: Table, book: RuleBook) -> Any:
    """Rank of the highest level that `total` reaches, -1 for none.

    Args:
        total: Points.
        edition: Has the edition's thresholds.
        book: Knows how many there are at most.
    """
    reached = [
        ibis.ifelse((total >= edition[f"threshold_{rank}"]) & (edition.level_count > rank), 1, 0)
        for rank in range(book.levels)
    ]
    return (reduce(add, reached, ibis.literal(NONE, type="int64"))).cast("int64")


def add_gains(steps: Steps, sums: Table, book: RuleBook, program: Program) -> Table:
    """Step `gains`: what each segment brings, and the most gained in it where gains can be lost again."""
    mine = sums.filter(sums.balance_no == program.level_balance_no)
    found = {"gain": mine.awarded.sum().cast("int64")}
    if program.level_balance in book.can_fall:
        found["peak"] = mine.peak.max()
    gains = mine.group_by(*SEGMENT).aggregate(**found)
    return steps.add("gains", "what each segment of an account's time brings to the level balance", gains)


def add_segments(steps: Steps, periods: Table, gains: Table, editions: Table, as_of: date) -> Table:
    """Step `segment_gains`: the segments of each account with what they bring."""
    pairs = periods.inner_join(editions, "set_no")
    pairs = pairs.mutate(
        starts=ibis.greatest(pairs.period_start, pairs.starts_on),
        ends=ibis.least(pairs.period_end, pairs.ends_on),
    )
    pairs = pairs.filter((pairs.starts < pairs.ends) & (pairs.starts <= ibis.literal(as_of, type="date")))
    cut = steps.add("segments", "stretches of an account's time with one edition and one period", pairs)
    joined = cut.left_join(gains, list(SEGMENT)).drop(*(f"{name}_right" for name in SEGMENT))
    joined = joined.mutate(gain=joined.gain.fill_null(0), is_opening=joined.starts == joined.signed_up_on)
    joined = joined.mutate(is_reset=(joined.starts == joined.period_start) & ~joined.is_opening)
    return steps.add("segment_gains", "segments with what they bring", joined)
