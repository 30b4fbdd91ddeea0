"""A balance's figures by its number, and the period of a balance in which an event lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.windows import Resets

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.expr.types import Table

    from pointbook.model.program import Balance
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context


def by_balance(context: Context, balance_no: Any, value_of: Callable[[Balance], Any]) -> Any:
    """The value that belongs to the balance with this number."""
    values = [value_of(balance) for balance in context.program.balances.values()]
    if len(values) == 1:
        return values[0]
    branches = [(balance_no == number, value) for number, value in enumerate(values)]
    return ibis.cases(*branches[:-1], else_=branches[-1][1])


def period_in(context: Context, events: Table, balance_no: Any, one: VersionSet) -> Any:
    """Number of the period of its balance in which an event lies."""
    return by_balance(context, balance_no, lambda balance: _period(balance, events, one))


def level_period_of(context: Context, events: Table, one: VersionSet) -> Any:
    """Number of the period of the level balance in which an event lies."""
    return _period(context.level, events, one)


def level_gain(context: Context, awarded: Any, balance_no: Any) -> Any:
    """What an event adds to the level balance."""
    if len(context.program.balances) == 1:
        return awarded
    return ibis.ifelse(balance_no == context.program.level_balance_no, awarded, 0)


def _period(balance: Balance, events: Table, one: VersionSet) -> Any:
    match balance.resets:
        case Resets.MEMBERSHIP_YEAR:
            return events[one.membership_year].cast("int16")
        case Resets.CALENDAR_YEAR:
            return events.year.cast("int16")
        case Resets.NEVER:
            return ibis.literal(1, type="int16")
        case never:
            assert_never(never)
