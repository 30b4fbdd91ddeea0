"""Steps: accounts, and events with all that depends on their day alone.

An *account* is a member under a version set. Accounts are numbered by member id, so that everything
later sorts and groups by an integer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from pointbook.relational.calendar_expressions import anniversary_month_day, month_day
from pointbook.relational.rule_rows import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis.expr.types import DateValue, IntegerValue, Table

    from pointbook.model.rules import Program
    from pointbook.relational.editions import VersionSet
    from pointbook.relational.steps import Steps


def add_accounts(steps: Steps, members: Table, sets: Sequence[VersionSet]) -> Table:
    """Step `accounts`: one row for each member and version set."""
    count = len(sets)
    number = ibis.row_number().over(ibis.window(order_by=[members.member_id]))
    numbered = members.mutate(
        first_account=(number * count).cast("int32"),
        signed_up_year=members.signed_up_on.year().cast("int64"),
        signed_up_day=month_day(members.signed_up_on).cast("int64"),
    )
    known = steps.add("numbered_members", "members in the order of their ids, numbered from 0", numbered)
    per_set = [
        known.mutate(
            account=(known.first_account + one.number).cast("int32"),
            set_no=ibis.literal(one.number, type="int32"),
        ).drop("first_account")
        for one in sets
    ]
    accounts = per_set[0] if count == 1 else ibis.union(*per_set)
    return steps.add(
        "accounts", "one row for each member under each choice of versions", accounts, is_shared=True
    )


def membership_year_of(
    accounts: Table, year: IntegerValue, in_year: IntegerValue, sets: Sequence[VersionSet]
) -> IntegerValue:
    """Number, from 1, of the membership year in which a day lies that is not before the sign-up.

    Args:
        accounts: Has the sign-up and the version set.
        year: The day's year.
        in_year: Its month and day.
        sets: The version sets.
    """
    falls = anniversary_month_day(accounts.signed_up_day, year, accounts.set_no, sets)
    return year - accounts.signed_up_year + ibis.ifelse(in_year >= falls, 1, 0)


def version_index_on(day: DateValue, program: Program) -> IntegerValue:
    """Index of the version in force on `day`, -1 before the first."""
    branches = [
        (day >= ibis.literal(version.effective_from, type="date"), ibis.literal(index, type="int32"))
        for index, version in reversed(list(enumerate(program.versions)))
    ]
    result: IntegerValue = ibis.cases(*branches, else_=ibis.literal(NONE, type="int32"))
    return result


def add_dated(  # noqa: PLR0913, PLR0917 - what an evaluation is made of
    steps: Steps, events: Table, accounts: Table, program: Program, sets: Sequence[VersionSet], as_of: date
) -> Table:
    """Step `dated_events`: events up to the as-of date with account, edition, book and years."""
    day = events.local.date()
    counted = events.mutate(day=day).filter(day <= ibis.literal(as_of, type="date"))
    joined = counted.join(accounts, "member_id").drop("member_id")
    joined = joined.mutate(
        year=joined.day.year().cast("int64"),
        day_of_year=month_day(joined.day).cast("int64"),
        version_index=version_index_on(joined.day, program),
        is_before_sign_up=joined.day < joined.signed_up_on,
    )
    dated = steps.add("counted_events", "events up to the as-of date, each with its member's account", joined)
    dated = dated.mutate(
        membership_year=membership_year_of(dated, dated.year, dated.day_of_year, sets),
        edition=_by_set(dated, sets, _edition),
        book=_by_set(dated, sets, _book),
    ).drop("day_of_year", "version_index", "signed_up_year", "signed_up_day", "signed_up_on", "set_no")
    return steps.add(
        "dated_events", "and with the version that values it (edition) and that of its date (book)", dated
    )


def _by_set(dated: Table, sets: Sequence[VersionSet], number_of: object) -> IntegerValue:
    assert callable(number_of)
    values = [number_of(dated.version_index, one) for one in sets]
    if len(values) == 1:
        return values[0].cast("int32")
    branches = [(dated.set_no == one.number, value) for one, value in zip(sets, values, strict=True)]
    result: IntegerValue = ibis.cases(*branches[:-1], else_=branches[-1][1]).cast("int32")
    return result


def _edition(index: IntegerValue, one: VersionSet) -> IntegerValue:
    first = one.editions[0].number
    if one.fixed is not None:
        return ibis.literal(first, type="int32")
    return index if first == 0 else ibis.ifelse(index < 0, NONE, index + first)


def _book(index: IntegerValue, one: VersionSet) -> IntegerValue:
    first = one.books[0].number
    if one.fixed is not None:
        return ibis.greatest(index, 0) + first
    return index if first == 0 else ibis.ifelse(index < 0, NONE, index + first)
