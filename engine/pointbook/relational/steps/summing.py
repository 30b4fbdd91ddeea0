"""Every event's place among its member's with all gains so far, and sums by account and period.

This is the one pass over all events in their order; what it yields is kept for the results that list
events. Standings alone need no more than the sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.steps.balances import level_gain, level_period_of, period_in
from pointbook.relational.steps.dating import ORDER, account_of, calendar_columns, edition_of

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from pointbook.relational.steps.context import Context

SHARED = ("member_no", "place", "event_id", "local", "activity", "activity_no", "other_activity", "day")
"""Columns of an event that are kept, of those that there are, besides those of the calendar."""
OWN = ("balance_no", "requested", "awarded", "outcome", "is_ignored", "is_assumed", "gained")
"""Columns of an event that each version set has its own of."""


def summed_events(context: Context, awarded: Table) -> Table:
    """Every event with its place, and all gains of the level balance up to it.

    Where points of that balance can be lost, also with the most gained so far within its segment.
    """
    by_time = {"group_by": awarded.member_no, "order_by": [awarded[name] for name in ORDER]}
    so_far = ibis.window(**by_time, preceding=(None, 0))
    gained: dict[str, Any] = {}
    for one in context.sets:
        gain = level_gain(context, awarded[one.named("awarded")], awarded[one.named("balance_no")])
        gained[one.named("gained")] = gain.sum().over(so_far).cast("int64")
    summed = awarded.mutate(place=ibis.row_number().over(ibis.window(**by_time)).cast("int32"), **gained)
    own = (one.named(name) for one in context.sets for name in (*OWN, "own_total"))
    narrow = summed.select(
        *(name for name in (*SHARED, *context.columns.references.values()) if name in summed.columns),
        *calendar_columns(context),
        *(name for name in own if name in summed.columns),
    )
    return _with_peaks(context, narrow) if context.level_can_fall else narrow


def _with_peaks(context: Context, narrow: Table) -> Table:
    comment = "every event with its place among the member's, and all gains so far"
    placed = context.add("gained_events", comment, narrow)
    peaks: dict[str, Any] = {}
    for one in context.sets:
        keys = {
            "group_by": [placed.member_no, edition_of(placed, one), level_period_of(context, placed, one)],
            "order_by": placed.place,
        }
        gains = placed[one.named("gained")]
        peaks[one.named("peak")] = gains.max().over(ibis.window(**keys, preceding=(None, 0)))
        peaks[one.named("peak_before")] = gains.max().over(ibis.window(**keys, preceding=(None, 1)))
    return placed.mutate(**peaks)


def sums(context: Context, events: Table) -> Table:
    """What each account has been awarded, by edition, period and balance."""
    keys = ("member_no", *calendar_columns(context))
    per_set = []
    for one in context.sets:
        balance_no = one.named("balance_no")
        found = {"awarded": events[one.named("awarded")].sum().cast("int64")}
        if context.level_can_fall:
            found["peak"] = events[one.named("gained")].max()
        summed = events.group_by(*keys, balance_no).aggregate(**found)
        # What comes before a sign-up or the first version is awarded nothing, and needs no leaving out.
        per_set.append(
            summed.select(
                *found,
                account=account_of(context, summed.member_no, one),
                edition=edition_of(summed, one),
                level_period=level_period_of(context, summed, one),
                balance_no=summed[balance_no],
                period=period_in(context, summed, summed[balance_no], one),
            )
        )
    return per_set[0] if len(per_set) == 1 else ibis.union(*per_set)
