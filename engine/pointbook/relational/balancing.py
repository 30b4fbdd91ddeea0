"""Steps: floors, and totals of the balances that do not decide levels.

A floor turns a running sum into that sum less its own lowest point below the floor, which is the
only thing that order matters for. Source: DESIGN, section 3, "Caps" and "Totals".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.relational.calendar_expressions import period_of
from pointbook.relational.rule_rows import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.expr.types import IntegerValue, Table

    from pointbook.model.rules import Balance, Program
    from pointbook.relational.rule_rows import RuleBook
    from pointbook.relational.steps import Steps


def add_awarded(steps: Steps, capped: Table, book: RuleBook, program: Program) -> Table:
    """Step `awarded_events`: every event with what counts, and its final outcome."""
    balances = list(program.balances.values())
    level_no = list(program.balances).index(program.level_balance)
    in_periods = capped.mutate(
        period=_by_balance(
            capped, balances, lambda balance: period_of(balance.resets, capped.year, capped.membership_year)
        ).cast("int16"),
        level_period=period_of(balances[level_no].resets, capped.year, capped.membership_year),
    ).drop("day", "year", "membership_year")
    apart = [
        number
        for number, balance in enumerate(balances)
        if number != level_no or (balance.floor is not None and balance.id in book.can_fall)
    ]
    if apart:
        is_apart = in_periods.balance_no.isin(apart) & (in_periods.outcome != CODES[Outcome.BEFORE_SIGN_UP])
        own = _with_own_totals(steps, in_periods, is_apart, balances, book)
        rest = in_periods.filter(~is_apart).mutate(own_total=ibis.literal(0, type="int64"))
        in_periods = steps.add(
            "all_totalled_events", "all events again", ibis.union(own, rest.select(*own.columns))
        )
    cut = ibis.cases(
        (in_periods.passed == in_periods.requested, ibis.literal(CODES[Outcome.AWARDED], type="int32")),
        (in_periods.passed != 0, ibis.literal(CODES[Outcome.REDUCED], type="int32")),
        else_=ibis.literal(CODES[Outcome.CAPPED], type="int32"),
    )
    awarded = in_periods.mutate(
        outcome=ibis.ifelse(in_periods.outcome == CODES[Outcome.AWARDED], cut, in_periods.outcome).cast(
            "int8"
        ),
    ).rename(awarded="passed")
    return steps.add("awarded_events", "every event with what counts", awarded, is_shared=True)


def _by_balance(events: Table, balances: list[Balance], value_of: Callable[[Balance], Any]) -> Any:
    values = [value_of(balance) for balance in balances]
    if len(values) == 1:
        return values[0]
    branches = [(events.balance_no == number, value) for number, value in enumerate(values)]
    return ibis.cases(*branches[:-1], else_=branches[-1][1])


def _with_own_totals(
    steps: Steps, events: Table, is_apart: Any, balances: list[Balance], book: RuleBook
) -> Table:
    """Events of the balances that are summed apart, with what the floor leaves and the total after."""
    mine = events.filter(is_apart)
    start = _by_balance(mine, balances, lambda balance: ibis.literal(balance.start, type="int64"))
    window = ibis.window(
        group_by=[mine.account, mine.balance_no, mine.period],
        order_by=[mine.at, mine.event_id],
        preceding=(None, 0),
    )
    summed = mine.mutate(own_total=(mine.passed.sum().over(window) + start).cast("int64"))
    summed = steps.add(
        "own_totals", "events of the balances that are summed apart, with running totals", summed
    )
    floored = [balance for balance in balances if balance.floor is not None and balance.id in book.can_fall]
    if not floored:
        return summed
    below = steps.add(
        "below_floors",
        "and how far the plain sum lies below the floor",
        summed.mutate(below=_below(summed, balances, book)),
    )
    keys = {
        "group_by": [below.account, below.balance_no, below.period],
        "order_by": [below.at, below.event_id],
    }
    lifted = below.mutate(
        lift=ibis.greatest(below.below.max().over(ibis.window(**keys, preceding=(None, 0))), 0),
        lift_before=ibis.greatest(
            below.below.max().over(ibis.window(**keys, preceding=(None, 1))).fill_null(0), 0
        ),
    )
    lifted = steps.add(
        "lifted_totals", "and how far the floor has lifted the total, after and before", lifted
    )
    return lifted.mutate(
        own_total=(lifted.own_total + lifted.lift).cast("int64"),
        passed=(lifted.passed + lifted.lift - lifted.lift_before).cast("int64"),
    ).drop("below", "lift", "lift_before")


def _below(summed: Table, balances: list[Balance], book: RuleBook) -> IntegerValue:
    def below(balance: Balance) -> Any:
        if balance.floor is None or balance.id not in book.can_fall:
            return ibis.literal(0, type="int64")
        return ibis.literal(balance.floor, type="int64") - summed.own_total

    result: IntegerValue = _by_balance(summed, balances, below)
    return result
