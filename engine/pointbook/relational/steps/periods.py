"""Steps: the level balance's periods of each account, with their days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.rules import Resets
from pointbook.relational.rulebook.codes import FIRST_DAY, LAST_DAY
from pointbook.relational.steps.calendar_expressions import anniversary_month_day, date_of, month_day
from pointbook.relational.steps.dating import membership_year_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ibis.expr.types import IntegerValue, Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.steps import Steps


def add_periods(  # noqa: PLR0913, PLR0917 - what periods come from
    steps: Steps,
    accounts: Table,
    numbers: Table,
    program: Program,
    sets: Sequence[VersionSet],
    as_of: date,
    *,
    only_last: bool,
) -> Table:
    """Step `periods`: the level balance's periods of each account, from the first version on.

    Args:
        steps: Where it is added.
        accounts: The accounts.
        numbers: Numbers from 0.
        program: The rules.
        sets: The version sets.
        as_of: The last day that counts.
        only_last: Whether the period of that day and the one before it are enough.
    """
    resets = program.balances[program.level_balance].resets
    known = accounts.filter(accounts.signed_up_on <= ibis.literal(as_of, type="date"))
    first_days = [
        (known.set_no == one.number, FIRST_DAY if one.fixed else one.editions[0].version.effective_from)
        for one in sets
    ]
    literals = [(holds, ibis.literal(day, type="date")) for holds, day in first_days]
    first_day = literals[0][1] if len(literals) == 1 else ibis.cases(*literals[:-1], else_=literals[-1][1])
    begun = known.mutate(first_day=ibis.greatest(known.signed_up_on, first_day)).select(
        "account", "set_no", "signed_up_on", "signed_up_year", "signed_up_day", "first_day"
    )
    begun = begun.filter(begun.first_day <= ibis.literal(as_of, type="date"))
    begun = steps.add("begun_accounts", "accounts with their first day under a version", begun)
    last_year, last_in_year = as_of.year, as_of.month * 100 + as_of.day
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            first = membership_year_of(
                begun, begun.first_day.year().cast("int64"), month_day(begun.first_day), sets
            )
            last = membership_year_of(
                begun, ibis.literal(last_year, type="int64"), ibis.literal(last_in_year, type="int64"), sets
            )
        case Resets.CALENDAR_YEAR:
            first = begun.first_day.year().cast("int64")
            last = ibis.literal(last_year, type="int64")
        case Resets.NEVER:
            first = last = ibis.literal(1, type="int64")
    if only_last:
        first = ibis.greatest(first, last - 1)
    begun = begun.mutate(first_period=first.cast("int32"), last_period=last.cast("int32"))
    begun = steps.add("account_periods", "and the periods of the level balance from that day on", begun)
    listed = begun.inner_join(numbers, [begun.first_period + numbers.number <= begun.last_period])
    listed = listed.mutate(level_period=(listed.first_period + listed.number).cast("int16"))
    listed = steps.add("listed_periods", "one row for each period of an account", listed)
    dated = listed.mutate(**_bounds(listed, resets, sets)).drop(
        "signed_up_year", "signed_up_day", "first_period", "last_period", "number"
    )
    return steps.add("periods", "and the days from which and up to which it runs", dated)


def _bounds(listed: Table, resets: Resets, sets: Sequence[VersionSet]) -> Mapping[str, Any]:
    never = ibis.literal(LAST_DAY, type="date")
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            return {
                "period_start": anniversary(listed, listed.level_period - 1, sets),
                "period_end": anniversary(listed, listed.level_period, sets),
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
            return {"period_start": listed.signed_up_on, "period_end": never}


def anniversary(accounts: Table, number: IntegerValue, sets: Sequence[VersionSet]) -> Any:
    """The day on which membership year `number` ends; 0 is the sign-up itself."""
    year = accounts.signed_up_year + number
    return date_of(year, anniversary_month_day(accounts, year, sets))
