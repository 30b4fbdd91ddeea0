"""The standings, by the version in force on the as-of date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.windows import Resets
from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.calendar_expressions import month_day, period_of
from pointbook.relational.steps.dating import membership_year_of
from pointbook.relational.steps.levels.segments import anniversary

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from pointbook.relational.steps.context import Context


def standings(context: Context, accounts: Table, segments: Table, sums: Table, ladder: Table) -> Table:
    """One row for each account signed up by the as-of date, from the last of its segments."""
    day, level, balances = context.last_day, context.level, context.program.balances.values()
    known = accounts.filter(accounts.signed_up_on <= day).select(
        "account", "member_id", "set_no", "signed_up_on", "signed_up_year", "signed_up_day"
    )
    year, in_year = day.year().cast("int64"), month_day(day).cast("int64")
    known = known.mutate(membership_year=membership_year_of(known, year, in_year, context.sets))
    known = context.add("standing_members", "accounts signed up by the as-of date", known)
    last = segments.filter(segments.ends > day)
    last = last.select("account", "edition", points="total_end", held="end_rank", earned="earned_at_end")
    joined = known.left_join(last, "account").drop("account_right")
    joined = joined.mutate(
        edition=joined.edition.fill_null(NONE),
        points=joined.points.fill_null(level.start),
        held=joined.held.fill_null(NONE),
        earned=joined.earned.fill_null(NONE),
    )
    stand = context.add("last_segments", "and the segment in which the as-of date lies", joined)
    rungs = ladder.rename(rung_edition="edition", rung="rank")
    stand = stand.left_join(rungs, [stand.edition == rungs.rung_edition, stand.held == rungs.rung]).drop(
        "rung_edition", "rung"
    )
    stand = context.add("held_levels", "and the level held", stand)
    reached = ladder.select(reached_edition="edition", reached="rank", earned_level="level")
    stand = stand.left_join(
        reached, [stand.edition == reached.reached_edition, stand.earned == reached.reached]
    ).drop("reached_edition", "reached")
    stand = context.add("earned_levels", "and the level that the points alone reach", stand)
    others = [(number, balance) for number, balance in enumerate(balances) if balance.id != level.id]
    for number, balance in others:
        mine = sums.filter(sums.balance_no == number)
        mine = mine.group_by("account", "period").aggregate(balance_sum=mine.awarded.sum().cast("int64"))
        mine = context.add(f"balance_{number}_sums", f"points of {balance.id} by account and period", mine)
        current = stand.mutate(current=period_of(balance.resets, year, stand.membership_year).cast("int16"))
        current = current.left_join(mine, [current.account == mine.account, current.current == mine.period])
        current = current.drop("account_right", "period", "current")
        current = current.mutate(
            **{f"balance_{number}": (current.balance_sum.fill_null(0) + balance.start).cast("int64")}
        ).drop("balance_sum")
        stand = context.add(f"balance_{number}_totals", f"and the total of {balance.id}", current)
    period = period_of(level.resets, year, stand.membership_year)
    has_level = stand.held != NONE
    start, end = _period_bounds(context, stand)
    return stand.select(
        "account",
        "member_id",
        as_of=day,
        period=period,
        period_start=start,
        period_end=end,
        points=stand.points,
        level=stand.level.nullif(""),
        earned_level=stand.earned_level.nullif(""),
        next_level=stand.next_level.nullif(""),
        points_to_next=ibis.ifelse(
            stand.next_level.nullif("").notnull(), stand.next_threshold - stand.points, ibis.null("int64")
        ),
        points_to_keep=ibis.ifelse(
            has_level, ibis.greatest(stand.threshold - stand.points, 0), ibis.null("int64")
        ).cast("int64"),
        benefits=stand.benefits.nullif(""),
        **{f"balance_{number}": stand[f"balance_{number}"] for number, _ in others},
    )


def _period_bounds(context: Context, stand: Table) -> tuple[Any, Any]:
    """The first day of the level balance's period, and the first day after it."""
    match context.level.resets:
        case Resets.MEMBERSHIP_YEAR:
            year = stand.membership_year
            return anniversary(context, stand, year - 1), anniversary(context, stand, year)
        case Resets.CALENDAR_YEAR:
            year, one = context.last_day.year().cast("int32"), ibis.literal(1, type="int32")
            first, following = ibis.date(year, one, one), ibis.date(year + one, one, one)
            return ibis.greatest(stand.signed_up_on, first), following
        case Resets.NEVER:
            return stand.signed_up_on, ibis.null("date")
        case never:
            assert_never(never)
