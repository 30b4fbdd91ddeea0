"""Members, accounts, and events with all that depends on their day alone.

An *account* is a member under a version set. Members are numbered by their ids, and accounts by
those numbers, so that everything later sorts and groups by an integer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.windows import Resets
from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.calendar_expressions import anniversary_month_day, month_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import DateValue, IntegerValue, Table

    from pointbook.model.program import Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context

ORDER = ("at", "event_id")
"""A member's events are taken in the order of these columns."""


def numbers(context: Context, digits: Table) -> Table:
    """Numbers from 0, as many as there are periods up to the as-of date, where that is not known yet."""
    tens, hundreds, thousands = (digits.rename({name: "digit"}) for name in ("tens", "hundreds", "thousands"))
    joined = digits.cross_join(tens, hundreds, thousands)
    number = joined.digit + joined.tens * 10 + joined.hundreds * 100 + joined.thousands * 1000
    periods = context.last_day.year() - context.book.first_year + 2
    return joined.select(number=number.cast("int32")).filter(lambda listed: listed.number < periods)


def numbered_members(_context: Context, members: Table) -> Table:
    """The members in the order of their ids, numbered from 0."""
    number = ibis.row_number().over(ibis.window(order_by=[members.member_id]))
    return members.mutate(
        member_no=number.cast("int32"),
        signed_up_year=members.signed_up_on.year().cast("int64"),
        signed_up_day=month_day(members.signed_up_on).cast("int64"),
    )


def accounts(context: Context, members: Table) -> Table:
    """One row for each member and version set."""
    known = members.select("member_no", "member_id", "signed_up_on", "signed_up_year", "signed_up_day")
    per_set = [
        known.mutate(
            account=account_of(context, known.member_no, one), set_no=ibis.literal(one.number, type="int32")
        ).drop("member_no")
        for one in context.sets
    ]
    return per_set[0] if len(per_set) == 1 else ibis.union(*per_set)


def account_of(context: Context, member_no: IntegerValue, one: VersionSet) -> Any:
    """Number of a member's account under a version set.

    With three sets, member 7 has the accounts 21, 22 and 23.
    """
    count = len(context.sets)
    return member_no if count == 1 else (member_no * count + one.number).cast("int32")


def membership_year_of(
    accounts: Table, year: IntegerValue, in_year: IntegerValue, sets: Sequence[VersionSet]
) -> IntegerValue:
    """Number, from 1, of the membership year in which a day lies that is not before the sign-up.

    For a sign-up on 1 May 2020, 30 April 2023 has 2023 - 2020 + 0 = 3, and 1 May 2023 has 4. `in_year`
    is the day's month and day; accounts have their version set, unless there is only one.
    """
    falls = anniversary_month_day(accounts, year, sets)
    return year - accounts.signed_up_year + ibis.ifelse(in_year >= falls, 1, 0)


def version_index_on(day: DateValue, program: Program) -> IntegerValue:
    """Index of the version in force on `day`, -1 before the first."""
    branches = [
        (day >= ibis.literal(version.effective_from, type="date"), ibis.literal(index, type="int32"))
        for index, version in reversed(list(enumerate(program.versions)))
    ]
    return ibis.cases(*branches, else_=ibis.literal(NONE, type="int32"))


def counted_events(context: Context, events: Table, members: Table) -> Table:
    """Events up to the as-of date, each with its member."""
    day = events.local.date()
    counted = events.mutate(day=day).filter(day <= context.last_day)
    return counted.join(members, "member_id").drop("member_id")


def days_of_events(_context: Context, counted: Table) -> Table:
    """With the day on which each counts: the latest that the member has reached.

    The local date steps back in a night in which clocks go back over midnight; a member's calendar
    never does.
    """
    by_time = ibis.window(
        group_by=counted.member_no, order_by=[counted[name] for name in ORDER], preceding=(None, 0)
    )
    return counted.mutate(day=counted.day.max().over(by_time))


def dated_events(context: Context, counted: Table) -> Table:
    """With the year, the membership year, and the version in force on the day."""
    year, in_year = counted.day.year().cast("int64"), month_day(counted.day).cast("int64")
    calendars = {one.membership_year: one for one in context.sets}
    return counted.mutate(
        year=year,
        version_index=version_index_on(counted.day, context.program),
        is_before_sign_up=counted.day < counted.signed_up_on,
        **{name: membership_year_of(counted, year, in_year, [one]) for name, one in calendars.items()},
    ).drop("signed_up_year", "signed_up_day", "signed_up_on")


def day_of(events: Table) -> DateValue:
    """The day on which an event counts: its local date, unless a column says otherwise."""
    return events.day if "day" in events.columns else events.local.date()


def calendar_columns(context: Context) -> list[str]:
    """Columns that say in which period and edition an event lies, where that differs at all."""
    resets = {balance.resets for balance in context.program.balances.values()}
    columns = ["year"] if Resets.CALENDAR_YEAR in resets else []
    if Resets.MEMBERSHIP_YEAR in resets:
        columns += dict.fromkeys(one.membership_year for one in context.sets)
    return columns + (["version_index"] if any(one.fixed is None for one in context.sets) else [])


def edition_of(events: Table, one: VersionSet) -> IntegerValue:
    """Number of the edition that values an event, -1 for none."""
    first = one.editions[0].number
    if one.fixed is not None:
        return ibis.literal(first, type="int16")
    index = events.version_index
    return index if first == 0 else ibis.ifelse(index < 0, NONE, index + first).cast("int16")
