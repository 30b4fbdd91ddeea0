"""Totals of the balances that are summed apart, and what floors leave of their events.

Such are all that do not decide levels, and the one that does where its floor can be met.

A floor turns a running sum into that sum less its own lowest point below the floor, which is the only
thing that order matters for. With a floor of 0, the awards 60, -80 and 60 have the sums 60, -20 and
40; the lowest point below the floor is 0, 20 and 20 so far, so that the totals are 60, 0 and 60, and
the awards 60, -60 and 60. Source: docs/meaning.md, "Totals".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.relational.rulebook.codes import CODES, OWN_TOTAL
from pointbook.relational.steps.awarding.capping import has_limit
from pointbook.relational.steps.balances import by_balance, period_in
from pointbook.relational.steps.dating import ORDER, calendar_columns

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table

    from pointbook.model.program import Balance
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context


def with_own_totals(context: Context, limited: Table, one: VersionSet) -> Table:
    """Events of the balances that are summed apart get the total after them, and what the floor leaves."""
    is_apart = _is_apart(limited, one)
    summed = _totals(context, limited.filter(is_apart), one)
    if floors_of(context):
        summed = _lifted(context, summed, one)
    both = ibis.union(summed.select(*limited.columns), limited.filter(~is_apart))
    return context.add(one.named("totalled_events"), "and all others that can meet a limit", both)


def floors_of(context: Context) -> list[int]:
    """Numbers of the balances that can come down to their floor."""
    balances = enumerate(context.program.balances.values())
    return [number for number, balance in balances if _has_floor(context, balance)]


def lifts(context: Context, limited: Table, one: VersionSet) -> Table:
    """By how much floors have lifted totals, in rows as events have them.

    Sums need no more than that of the events of a balance with a floor: of all within a year and
    edition together only the lowest point counts.
    """
    balance_no, passed = one.named("balance_no"), one.named("passed")
    is_floored = limited[balance_no].isin(floors_of(context))
    summed = _totals(context, limited.filter(_is_apart(limited, one) & is_floored), one)
    lowered = _below(context, summed, one)
    calendar = calendar_columns(context)
    lowest = lowered.group_by("member_no", *calendar, balance_no, "period").aggregate(
        below=lowered.below.max()
    )
    by_time = {"group_by": ["member_no", balance_no, "period"], "order_by": [*calendar, "period"]}
    lifted = lowest.mutate(**_lift_of(lowest, by_time))
    awarded = {other.named("passed"): ibis.literal(0, type="int64") for other in context.sets}
    awarded[passed] = (lifted.lift - lifted.lift_before).cast("int64")
    return context.add(
        one.named("lifts"),
        "by how much floors have lifted totals, by what sums are by",
        lifted.select(
            "member_no",
            *calendar,
            **{other.named("balance_no"): lifted[balance_no] for other in context.sets},
            **awarded,
        ),
    )


def _is_apart(limited: Table, one: VersionSet) -> BooleanValue:
    """Whether an event counts for a balance that is summed apart."""
    counts = limited[one.named("outcome")] != CODES[Outcome.BEFORE_SIGN_UP]
    return has_limit(limited, OWN_TOTAL, one) & counts


def _has_floor(context: Context, balance: Balance) -> bool:
    """Whether the balance can come down to its floor."""
    return balance.floor is not None and balance.id in context.book.activities.can_fall


def _totals(context: Context, mine: Table, one: VersionSet) -> Table:
    """Events of the balances that are summed apart with `own_total`, in which no floor is thought of."""
    balance_no, passed = one.named("balance_no"), one.named("passed")
    mine = mine.mutate(period=period_in(context, mine, mine[balance_no], one))
    start = by_balance(context, mine[balance_no], lambda balance: ibis.literal(balance.start, type="int64"))
    window = ibis.window(
        group_by=[mine.member_no, mine[balance_no], mine.period],
        order_by=[mine[name] for name in ORDER],
        preceding=(None, 0),
    )
    return context.add(
        one.named("own_totals"),
        "events of the balances that are summed apart, with running totals",
        mine.mutate(**{one.named("own_total"): (mine[passed].sum().over(window) + start).cast("int64")}),
    )


def _below(context: Context, summed: Table, one: VersionSet) -> Table:
    own_total = summed[one.named("own_total")]

    def below(balance: Balance) -> Any:
        if not _has_floor(context, balance):
            return ibis.literal(0, type="int64")
        return ibis.literal(balance.floor, type="int64") - own_total

    return context.add(
        one.named("below_floors"),
        "and how far the plain sum lies below the floor",
        summed.mutate(below=by_balance(context, summed[one.named("balance_no")], below)),
    )


def _lift_of(lowered: Table, by_time: dict[str, Any]) -> dict[str, Any]:
    """How far the floor has lifted the total after a row, and before it."""
    after = lowered.below.max().over(ibis.window(**by_time, preceding=(None, 0)))
    before = lowered.below.max().over(ibis.window(**by_time, preceding=(None, 1)))
    return {"lift": ibis.greatest(after, 0), "lift_before": ibis.greatest(before.fill_null(0), 0)}


def _lifted(context: Context, summed: Table, one: VersionSet) -> Table:
    """The events with what the floor leaves of them."""
    balance_no, passed, own_total = (one.named(name) for name in ("balance_no", "passed", "own_total"))
    lowered = _below(context, summed, one)
    by_time = {
        "group_by": [lowered.member_no, lowered[balance_no], lowered.period],
        "order_by": [lowered[name] for name in ORDER],
    }
    lifted = context.add(
        one.named("lifted_totals"),
        "and how far the floor has lifted the total, after and before",
        lowered.mutate(**_lift_of(lowered, by_time)),
    )
    return lifted.mutate(
        **{
            own_total: (lifted[own_total] + lifted.lift).cast("int64"),
            passed: (lifted[passed] + lifted.lift - lifted.lift_before).cast("int64"),
        }
    )
