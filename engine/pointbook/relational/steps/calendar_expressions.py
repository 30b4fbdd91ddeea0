"""How a program's time is counted, as expressions: what the model says of days.

Source: docs/meaning.md, "Time".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.rules import LeapDay
from pointbook.model.windows import Per, Resets
from pointbook.relational.rulebook.editions import leap_days_of
from pointbook.relational.steps.exact import exact_quotient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import BooleanValue, DateValue, IntegerValue, Table

    from pointbook.relational.rulebook.editions import VersionSet

_LEAP_DAY = 229


def month_day(day: DateValue) -> IntegerValue:
    """Month and day as one number: 31 December is 1231."""
    return day.month() * 100 + day.day()


def is_leap_year(year: IntegerValue) -> BooleanValue:
    """Whether the year has a 29 February."""
    return (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))


def anniversary_month_day(accounts: Table, year: IntegerValue, sets: Sequence[VersionSet]) -> IntegerValue:
    """Month and day on which the anniversary of a sign-up falls in `year`.

    Of an account's version set, unless there is only one, the version in force on 28 February decides.
    """
    moves = (accounts.signed_up_day == _LEAP_DAY) & ~is_leap_year(year)
    return ibis.ifelse(moves, _moved(accounts, year, sets), accounts.signed_up_day)


def _moved(accounts: Table, year: IntegerValue, sets: Sequence[VersionSet]) -> IntegerValue:
    if len({one.calendar for one in sets}) == 1:
        return _moved_in(year, sets[0])
    by_set = [(accounts.set_no == one.number, _moved_in(year, one)) for one in sets]
    return ibis.cases(*by_set[:-1], else_=by_set[-1][1])


def _moved_in(year: IntegerValue, one: VersionSet) -> IntegerValue:
    (_, first), *later = leap_days_of(one.editions)
    month_and_day = _falls_on(first)
    for from_year, day in later:
        month_and_day = ibis.ifelse(year >= from_year, _falls_on(day), month_and_day)
    return month_and_day


def _falls_on(leap_day: LeapDay) -> IntegerValue:
    """Month and day on which 29 February falls in common years."""
    match leap_day:
        case LeapDay.FEB_28:
            return ibis.literal(228, type="int64")
        case LeapDay.MAR_1:
            return ibis.literal(301, type="int64")
        case never:
            assert_never(never)


def date_of(year: IntegerValue, in_year: IntegerValue) -> DateValue:
    """The day with month and day `in_year` of `year`."""
    day = in_year % 100
    return ibis.date(year.cast("int32"), exact_quotient(in_year, 100).cast("int32"), day.cast("int32"))


def period_of(resets: Resets, year: IntegerValue, membership_year: IntegerValue) -> Any:
    """Number of a balance's period on a day of calendar year `year`."""
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            return membership_year.cast("int16")
        case Resets.CALENDAR_YEAR:
            return year.cast("int16")
        case Resets.NEVER:
            return ibis.literal(1, type="int16")
        case never:
            assert_never(never)


def window_of(  # noqa: PLR0911 - one return per window reads best
    per: Per, day: DateValue, membership_year: IntegerValue
) -> IntegerValue:
    """A number that is the same for all days of one window, and different for different windows."""
    year, membership_year = day.year().cast("int64"), membership_year.cast("int64")
    match per:
        case Per.DAY:
            return year * 10_000 + month_day(day)
        case Per.WEEK:
            monday = day.truncate("W")
            return monday.year() * 10_000 + month_day(monday)
        case Per.CALENDAR_MONTH:
            return year * 100 + day.month()
        case Per.CALENDAR_QUARTER:
            return year * 10 + day.quarter()
        case Per.CALENDAR_YEAR:
            return year * 1
        case Per.MEMBERSHIP_YEAR:
            return membership_year * 1
        case Per.LIFETIME:
            return year * 0
    assert_never(per)
