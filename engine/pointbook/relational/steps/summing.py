"""Steps: every event's place among its member's with all gains so far, and sums by account and period.

This is the one pass over all events in their order; what it yields is kept for the results that list
events. Standings alone need no more than the sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.steps.balances import period_by, period_in
from pointbook.relational.steps.dating import ORDER, account_of, calendar_columns, edition_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps

SHARED = ("member_no", "place", "event_id", "local", "activity", "activity_no", "other_activity", "day")
"""Columns of an event that are kept, of those that there are, besides those of the calendar."""
OWN = ("balance_no", "requested", "awarded", "outcome", "is_ignored", "is_assumed", "gained")
"""Columns of an event that each version set has its own of."""


def add_summed(  # noqa: PLR0913 - what is summed, and for whom
    steps: Steps,
    awarded: Table,
    book: RuleBook,
    program: Program,
    sets: Sequence[VersionSet],
    *,
    is_kept: bool,
) -> Table:
    """Step `summed_events`: every event with its place, and all gains of the level balance up to it.

    It is kept where several results read it.
    """
    by_time = {"group_by": awarded.member_no, "order_by": [awarded[name] for name in ORDER]}
    so_far = ibis.window(**by_time, preceding=(None, 0))
    gained: dict[str, Any] = {}
    for one in sets:
        gain = level_gain(awarded[one.named("awarded")], awarded[one.named("balance_no")], program)
        gained[one.named("gained")] = gain.sum().over(so_far).cast("int64")
    summed = awarded.mutate(place=ibis.row_number().over(ibis.window(**by_time)).cast("int32"), **gained)
    own = (one.named(name) for one in sets for name in (*OWN, "own_total"))
    narrow = summed.select(
        *(name for name in SHARED if name in summed.columns),
        *calendar_columns(program, sets),
        *(name for name in own if name in summed.columns),
    )
    comment = "every event with its place among the member's, and all gains so far"
    if program.level_balance not in book.can_fall:
        return steps.add("summed_events", comment, narrow, is_shared=is_kept)
    placed = steps.add("gained_events", comment, narrow)
    peaks: dict[str, Any] = {}
    for one in sets:
        keys = {
            "group_by": [placed.member_no, edition_of(placed, one), level_period_of(placed, program, one)],
            "order_by": placed.place,
        }
        gains = placed[one.named("gained")]
        peaks[one.named("peak")] = gains.max().over(ibis.window(**keys, preceding=(None, 0)))
        peaks[one.named("peak_before")] = gains.max().over(ibis.window(**keys, preceding=(None, 1)))
    return steps.add(
        "summed_events",
        "and with the most gained so far within its segment",
        placed.mutate(**peaks),
        is_shared=is_kept,
    )


def level_gain(awarded: Any, balance_no: Any, program: Program) -> Any:
    """What an event adds to the level balance."""
    if len(program.balances) == 1:
        return awarded
    return ibis.ifelse(balance_no == program.level_balance_no, awarded, 0)


def level_period_of(events: Table, program: Program, one: VersionSet) -> Any:
    """Number of the period of the level balance in which an event lies."""
    return period_by(program.balances[program.level_balance].resets, events, one)


def add_sums(
    steps: Steps, events: Table, book: RuleBook, program: Program, sets: Sequence[VersionSet]
) -> Table:
    """Step `sums`: what each account has been awarded, by edition, period and balance."""
    keys = ("member_no", *calendar_columns(program, sets))
    can_fall = program.level_balance in book.can_fall
    per_set = []
    for one in sets:
        balance_no = one.named("balance_no")
        sums = {"awarded": events[one.named("awarded")].sum().cast("int64")}
        if can_fall:
            sums["peak"] = events[one.named("gained")].max()
        summed = events.group_by(*keys, balance_no).aggregate(**sums)
        # What comes before a sign-up or the first version is awarded nothing, and needs no leaving out.
        per_set.append(
            summed.select(
                *sums,
                account=account_of(summed.member_no, one, sets),
                edition=edition_of(summed, one),
                level_period=level_period_of(summed, program, one),
                balance_no=summed[balance_no],
                period=period_in(summed, summed[balance_no], program, one),
            )
        )
    both = per_set[0] if len(sets) == 1 else ibis.union(*per_set)
    return steps.add(
        "sums", "what each account was awarded, by edition, period and balance", both, is_shared=True
    )
