"""The level balance's periods of each account, with their days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.windows import Resets
from pointbook.relational.rulebook.codes import FIRST_DAY, LAST_DAY
from pointbook.relational.steps.calendar_expressions import anniversary_month_day, date_of, month_day
from pointbook.relational.steps.dating import membership_year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import IntegerValue, Table

    from pointbook.relational.steps.context import Context


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
    as_of = ibis.literal(context.as_of, type="date")
    known = accounts.filter(accounts.signed_up_on <= as_of)
    first_days = [
        (known.set_no == one.number, FIRST_DAY if one.fixed else one.editions[0].version.effective_from)
        for one in context.sets
    ]
    literals = [(holds, ibis.literal(day, type="date")) for holds, day in first_days]
    first_day = literals[0][1] if len(literals) == 1 else ibis.cases(*literals[:-1], else_=literals[-1][1])
    begun = known.mutate(first_day=ibis.greatest(known.signed_up_on, first_day)).select(
        "account", "set_no", "signed_up_on", "signed_up_year", "signed_up_day", "first_day"
    )
    comment = "accounts with their first day under a version"
    return context.add("begun_accounts", comment, begun.filter(begun.first_day <= as_of))


def _first_and_last(context: Context, begun: Table) -> tuple[Any, Any]:
    """Numbers of the first period of each account and of the one in which the as-of date lies."""
    as_of = context.as_of
    last_year = ibis.literal(as_of.year, type="int64")
    match context.level.resets:
        case Resets.MEMBERSHIP_YEAR:
            last_in_year = ibis.literal(as_of.month * 100 + as_of.day, type="int64")
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
