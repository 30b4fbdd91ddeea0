"""Steps: the standings, by the version in force on the as-of date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.rules import Resets
from pointbook.relational.rulebook.codes import NONE
from pointbook.relational.steps.calendar_expressions import period_of
from pointbook.relational.steps.dating import membership_year_of
from pointbook.relational.steps.periods import anniversary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis.expr.types import Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.steps import Steps


def add_standings(  # noqa: PLR0913, PLR0917 - what standings come from
    steps: Steps,
    accounts: Table,
    levels: Table,
    sums: Table,
    ladder: Table,
    program: Program,
    sets: Sequence[VersionSet],
    as_of: date,
) -> Table:
    """Step `standings`: one row for each account signed up by the as-of date."""
    level = program.balances[program.level_balance]
    day = ibis.literal(as_of, type="date")
    known = accounts.filter(accounts.signed_up_on <= day).select(
        "account", "member_id", "set_no", "signed_up_on", "signed_up_year", "signed_up_day"
    )
    year, in_year = (
        ibis.literal(number, type="int64") for number in (as_of.year, as_of.month * 100 + as_of.day)
    )
    known = known.mutate(membership_year=membership_year_of(known, year, in_year, sets))
    known = steps.add("standing_members", "accounts signed up by the as-of date", known)
    last = levels.filter(levels.ends > day)
    last = last.select("account", "edition", points="total_end", held="end_rank", earned="earned_at_end")
    joined = known.left_join(last, "account").drop("account_right")
    joined = joined.mutate(
        edition=joined.edition.fill_null(NONE),
        points=joined.points.fill_null(level.start),
        held=joined.held.fill_null(NONE),
        earned=joined.earned.fill_null(NONE),
    )
    stand = steps.add("last_segments", "and the segment in which the as-of date lies", joined)
    rungs = ladder.rename(rung_edition="edition", rung="rank")
    stand = stand.left_join(rungs, [stand.edition == rungs.rung_edition, stand.held == rungs.rung]).drop(
        "rung_edition", "rung"
    )
    stand = steps.add("held_levels", "and the level held", stand)
    reached = ladder.select(reached_edition="edition", reached="rank", earned_level="level")
    stand = stand.left_join(
        reached, [stand.edition == reached.reached_edition, stand.earned == reached.reached]
    ).drop("reached_edition", "reached")
    stand = steps.add("earned_levels", "and the level that the points alone reach", stand)
    balances = [(number, one) for number, one in enumerate(program.balances.values()) if one.id != level.id]
    for number, balance in balances:
        mine = sums.filter(sums.balance_no == number)
        mine = mine.group_by("account", "period").aggregate(balance_sum=mine.awarded.sum().cast("int64"))
        mine = steps.add(f"balance_{number}_sums", f"points of {balance.id} by account and period", mine)
        current = stand.mutate(current=period_of(balance.resets, year, stand.membership_year).cast("int16"))
        current = current.left_join(mine, [current.account == mine.account, current.current == mine.period])
        current = current.drop("account_right", "period", "current")
        current = current.mutate(
            **{f"balance_{number}": (current.balance_sum.fill_null(0) + balance.start).cast("int64")}
        ).drop("balance_sum")
        stand = steps.add(f"balance_{number}_totals", f"and the total of {balance.id}", current)
    period = period_of(level.resets, year, stand.membership_year)
    has_level = stand.held != NONE
    start, end = _period_bounds(stand, level.resets, as_of, sets)
    standings = stand.select(
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
        **{f"balance_{number}": stand[f"balance_{number}"] for number, _ in balances},
    )
    steps.add("standings", "the standings", standings)


def _period_bounds(stand: Table, resets: Resets, as_of: date, sets: Sequence[VersionSet]) -> tuple[Any, Any]:
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            return anniversary(stand, stand.membership_year - 1, sets), anniversary(
                stand, stand.membership_year, sets
            )
        case Resets.CALENDAR_YEAR:
            first, following = (
                ibis.literal(as_of.replace(year=as_of.year + one, month=1, day=1)) for one in (0, 1)
            )
            return ibis.greatest(stand.signed_up_on, first), following
        case Resets.NEVER:
            return stand.signed_up_on, ibis.null("date")
