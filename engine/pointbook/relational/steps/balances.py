"""A balance's figures by its number, and the period of a balance in which an event lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.rules import Resets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ibis.expr.types import Table

    from pointbook.model.rules import Balance, Program
    from pointbook.relational.rulebook.editions import VersionSet


def by_balance(balance_no: Any, balances: Sequence[Balance], value_of: Callable[[Balance], Any]) -> Any:
    """The value that belongs to the balance with this number."""
    values = [value_of(balance) for balance in balances]
    if len(values) == 1:
        return values[0]
    branches = [(balance_no == number, value) for number, value in enumerate(values)]
    return ibis.cases(*branches[:-1], else_=branches[-1][1])


def period_by(resets: Resets, events: Table, one: VersionSet) -> Any:
    """Number of the period in which an event lies for balances that reset so."""
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            return events[one.membership_year].cast("int16")
        case Resets.CALENDAR_YEAR:
            return events.year.cast("int16")
        case Resets.NEVER:
            return ibis.literal(1, type="int16")


def period_in(events: Table, balance_no: Any, program: Program, one: VersionSet) -> Any:
    """Number of the period of its balance in which an event lies."""
    balances = list(program.balances.values())
    return by_balance(balance_no, balances, lambda balance: period_by(balance.resets, events, one))
