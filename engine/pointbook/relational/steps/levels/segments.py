"""The level balance's periods of each account with their days, and segments with what each brings.

A *segment* is a stretch of one account in which neither the edition nor the period of the level
balance changes; within it, levels only rise.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.windows import Resets
from pointbook.relational.rulebook.codes import FIRST_DAY, LAST_DAY, NONE
from pointbook.relational.steps.calendar_expressions import anniversary_month_day, date_of, month_day
from pointbook.relational.steps.dating import membership_year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import IntegerValue, Table

    from pointbook.relational.steps.context import Context

SEGMENT = ("account", "edition", "level_period")
"""Columns that name a segment."""


def periods(context: Context, accounts: Table, numbers: Table) -> Table:
    """The level balance's periods of each account, from the first version on, with their days."""
    begun = _begun_accounts(context, accounts)
    return _listed(context, begun, numbers, *_first_and_last(context, begun))


def last_two_periods(context: Context, accounts: Table, numbers: Table) -> Table:
    """The period of each account in which the as-of date lies, and the one before it."""
    begun = _begun_accounts(context, accounts)
    first, last = _first_and_last(context, begun)
    return _listed(context, begun, numbers, ibis.greatest(first, last - 1), last)


def _begun_accounts(context: Context, accounts: Table) -> Table:
    as_of = context.last_day
    known = accounts.filter(accounts.signed_up_on <= as_of)
    first_days = [FIRST_DAY if one.fixed else one.editions[0].version.effective_from for one in context.sets]
    *earlier, first_day = [ibis.literal(day, type="date") for day in first_days]
    if earlier:
        branches = [(known.set_no == number, day) for number, day in enumerate(earlier)]
        first_day = ibis.cases(*branches, else_=first_day)
    begun = known.mutate(first_day=ibis.greatest(known.signed_up_on, first_day)).select(
        "account", "set_no", "signed_up_on", "signed_up_year", "signed_up_day", "first_day"
    )
    comment = "accounts with their first day under a version"
    return context.add("begun_accounts", comment, begun.filter(begun.first_day <= as_of))


def _first_and_last(context: Context, begun: Table) -> tuple[Any, Any]:
    """Numbers of the first period of each account and of the one in which the as-of date lies."""
    last_year = context.last_day.year().cast("int64")
    match context.level.resets:
        case Resets.MEMBERSHIP_YEAR:
            last_in_year = month_day(context.last_day).cast("int64")
            first_year = begun.first_day.year().cast("int64")
            return (
                membership_year_of(begun, first_year, month_day(begun.first_day), context.sets),
                membership_year_of(begun, last_year, last_in_year, context.sets),
            )
        case Resets.CALENDAR_YEAR:
            return begun.first_day.year().cast("int64"), last_year
        case Resets.NEVER:
            return ibis.literal(1, type="int64"), ibis.literal(1, type="int64")
        case never:
            assert_never(never)


def _listed(context: Context, begun: Table, numbers: Table, first: Any, last: Any) -> Table:
    begun = begun.mutate(first_period=first.cast("int32"), last_period=last.cast("int32"))
    begun = context.add("account_periods", "and the periods of the level balance from that day on", begun)
    listed = begun.inner_join(numbers, [begun.first_period + numbers.number <= begun.last_period])
    listed = listed.mutate(level_period=(listed.first_period + listed.number).cast("int16"))
    listed = context.add("listed_periods", "one row for each period of an account", listed)
    return listed.mutate(**_bounds(context, listed)).drop(
        "signed_up_year", "signed_up_day", "first_period", "last_period", "number"
    )


def _bounds(context: Context, listed: Table) -> Mapping[str, Any]:
    match context.level.resets:
        case Resets.MEMBERSHIP_YEAR:
            return {
                "period_start": anniversary(context, listed, listed.level_period - 1),
                "period_end": anniversary(context, listed, listed.level_period),
            }
        case Resets.CALENDAR_YEAR:
            one = ibis.literal(1, type="int32")
            return {
                "period_start": ibis.greatest(
                    listed.signed_up_on, ibis.date(listed.level_period.cast("int32"), one, one)
                ),
                "period_end": ibis.date(listed.level_period.cast("int32") + one, one, one),
            }
        case Resets.NEVER:
            return {"period_start": listed.signed_up_on, "period_end": ibis.literal(LAST_DAY, type="date")}
        case never:
            assert_never(never)


def anniversary(context: Context, accounts: Table, number: IntegerValue) -> Any:
    """The day on which membership year `number` ends; 0 is the sign-up itself."""
    year = accounts.signed_up_year + number
    return date_of(year, anniversary_month_day(accounts, year, context.sets))


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
    as_of = context.last_day
    pairs = pairs.filter((pairs.starts < pairs.ends) & (pairs.starts <= as_of))
    cut = context.add("segments", "stretches of an account's time with one edition and one period", pairs)
    joined = cut.left_join(gains, list(SEGMENT)).drop(*(f"{name}_right" for name in SEGMENT))
    joined = joined.mutate(gain=joined.gain.fill_null(0), is_opening=joined.starts == joined.signed_up_on)
    return joined.mutate(is_reset=(joined.starts == joined.period_start) & ~joined.is_opening)
