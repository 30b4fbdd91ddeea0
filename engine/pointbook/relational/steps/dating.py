"""Steps: members, accounts, and events with all that depends on their day alone.

An *account* is a member under a version set. Members are numbered by their ids, and accounts by
those numbers, so that everything later sorts and groups by an integer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.rules import Resets
from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.calendar_expressions import anniversary_month_day, month_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis.expr.types import DateValue, IntegerValue, Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.steps import Steps

ORDER = ("at", "event_id")
"""A member's events are taken in the order of these columns."""


def add_members(steps: Steps, members: Table) -> Table:
    """Step `numbered_members`: the members in the order of their ids, numbered from 0."""
    number = ibis.row_number().over(ibis.window(order_by=[members.member_id]))
    numbered = members.mutate(
        member_no=number.cast("int32"),
        signed_up_year=members.signed_up_on.year().cast("int64"),
        signed_up_day=month_day(members.signed_up_on).cast("int64"),
    )
    return steps.add(
        "numbered_members", "members in the order of their ids, numbered from 0", numbered, is_shared=True
    )


def add_accounts(steps: Steps, members: Table, sets: Sequence[VersionSet]) -> Table:
    """Step `accounts`: one row for each member and version set."""
    known = members.select("member_no", "member_id", "signed_up_on", "signed_up_year", "signed_up_day")
    per_set = [
        known.mutate(
            account=account_of(known.member_no, one, sets), set_no=ibis.literal(one.number, type="int32")
        ).drop("member_no")
        for one in sets
    ]
    accounts = per_set[0] if len(sets) == 1 else ibis.union(*per_set)
    return steps.add("accounts", "one row for each member under each choice of versions", accounts)


def account_of(member_no: IntegerValue, one: VersionSet, sets: Sequence[VersionSet]) -> Any:
    """Number of a member's account under a version set."""
    return member_no if len(sets) == 1 else (member_no * len(sets) + one.number).cast("int32")


def membership_year_of(
    accounts: Table, year: IntegerValue, in_year: IntegerValue, sets: Sequence[VersionSet]
) -> IntegerValue:
    """Number, from 1, of the membership year in which a day lies that is not before the sign-up.

    Args:
        accounts: Has the sign-up, and the version set unless there is only one.
        year: The day's year.
        in_year: Its month and day.
        sets: The version sets.
    """
    falls = anniversary_month_day(accounts, year, sets)
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
    steps: Steps,
    events: Table,
    members: Table,
    program: Program,
    sets: Sequence[VersionSet],
    as_of: date,
    *,
    steps_back: bool,
) -> Table:
    """Step `dated_events`: events up to the as-of date with member, year and the version of their day.

    Args:
        steps: Where it is added.
        events: The log.
        members: Numbered.
        program: The rules.
        sets: The version sets.
        as_of: The last local date that counts.
        steps_back: Whether the local date can step back, in a night in which clocks go back over
            midnight; a member's calendar never does.
    """
    day = events.local.date()
    counted = events.mutate(day=day).filter(day <= ibis.literal(as_of, type="date"))
    joined = counted.join(members, "member_id").drop("member_id")
    dated = steps.add("counted_events", "events up to the as-of date, each with its member", joined)
    if steps_back:
        by_time = ibis.window(
            group_by=dated.member_no, order_by=[dated[name] for name in ORDER], preceding=(None, 0)
        )
        dated = steps.add(
            "days_of_events",
            "and with the day on which it counts: the latest that the member has reached",
            dated.mutate(day=dated.day.max().over(by_time)),
        )
    year, in_year = dated.day.year().cast("int64"), month_day(dated.day).cast("int64")
    calendars = {one.membership_year: one for one in sets}
    dated = dated.mutate(
        year=year,
        version_index=version_index_on(dated.day, program),
        is_before_sign_up=dated.day < dated.signed_up_on,
        **{name: membership_year_of(dated, year, in_year, [one]) for name, one in calendars.items()},
    ).drop("signed_up_year", "signed_up_day", "signed_up_on")
    return steps.add("dated_events", "and with its year, and the version in force on its day", dated)


def day_of(events: Table) -> DateValue:
    """The day on which an event counts: its local date, unless a column says otherwise."""
    result: DateValue = events.day if "day" in events.columns else events.local.date()
    return result


def calendar_columns(program: Program, sets: Sequence[VersionSet]) -> list[str]:
    """Columns that say in which period and edition an event lies, where that differs at all."""
    resets = {balance.resets for balance in program.balances.values()}
    columns = ["year"] if Resets.CALENDAR_YEAR in resets else []
    if Resets.MEMBERSHIP_YEAR in resets:
        columns += dict.fromkeys(one.membership_year for one in sets)
    return columns + (["version_index"] if any(one.fixed is None for one in sets) else [])


def edition_of(events: Table, one: VersionSet) -> IntegerValue:
    """Number of the edition that values an event, -1 for none."""
    first = one.editions[0].number
    if one.fixed is not None:
        return ibis.literal(first, type="int16")
    index = events.version_index
    return index if first == 0 else ibis.ifelse(index < 0, NONE, index + first).cast("int16")
