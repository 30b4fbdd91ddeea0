"""Steps: what limits leave of each event, and totals of the balances that do not decide levels.

Most events meet no limit. Those whose rule can are taken apart once, for all version sets together,
and put back at the end. A floor turns a running sum into that sum less its own lowest point below
the floor, which is the only thing that order matters for. Source: DESIGN, section 3, "Caps" and
"Totals".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.model.rules import Resets
from pointbook.relational.rulebook.codes import CODES, OWN_TOTAL
from pointbook.relational.steps.capping import add_capped, has_limit, is_limited
from pointbook.relational.steps.dating import ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ibis.expr.types import Table

    from pointbook.model.rules import Balance, Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps


def add_awarded(  # noqa: PLR0913, PLR0917 - rules, events and what is in them
    steps: Steps,
    valued: Table,
    rows: Mapping[str, Table],
    book: RuleBook,
    program: Program,
    sets: Sequence[VersionSet],
) -> Table:
    """Step `awarded_events`: every event with what counts, and its final outcome."""
    before: dict[str, Any] = {one.named("passed"): valued[one.named("requested")] for one in sets}
    if book.apart:
        before |= {one.named("own_total"): ibis.literal(0, type="int64") for one in sets}
    all_events = valued.mutate(**before)
    if any(row["limits"] for row in book.tables["rules"].rows):
        can_meet = is_limited(valued, sets)
        limited = steps.add(
            "limited_events",
            "events that can meet a limit, or whose balance is summed apart",
            all_events.filter(can_meet),
        )
        for one in sets:
            limited = add_capped(steps, limited, rows, book, one)
            if book.apart:
                limited = _add_own_totals(steps, limited, book, program, one)
        rest = all_events.filter(~can_meet)
        both = ibis.union(limited, rest.select(*limited.columns))
        all_events = steps.add("passed_events", "all events again, with what limits leave of them", both)
    final = {one.named("outcome"): _final_outcome(all_events, one) for one in sets}
    awarded = all_events.mutate(**final).rename({one.named("awarded"): one.named("passed") for one in sets})
    return steps.add("awarded_events", "every event with what counts", awarded)


def _has_floor(balance: Balance, book: RuleBook) -> bool:
    """Whether the balance can come down to its floor."""
    return balance.floor is not None and balance.id in book.can_fall


def _final_outcome(events: Table, one: VersionSet) -> Any:
    requested, passed, outcome = (events[one.named(name)] for name in ("requested", "passed", "outcome"))
    awarded, reduced, capped = (
        ibis.literal(CODES[code], type="int8") for code in (Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED)
    )
    is_cut = (outcome == awarded) & (passed != requested)
    return ibis.ifelse(is_cut, ibis.ifelse(passed != 0, reduced, capped), outcome).cast("int8")


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


def _add_own_totals(steps: Steps, limited: Table, book: RuleBook, program: Program, one: VersionSet) -> Table:
    """Events of the balances that are summed apart get the total after them, and what the floor leaves."""
    balances = list(program.balances.values())
    balance_no, passed, own_total = (one.named(name) for name in ("balance_no", "passed", "own_total"))
    is_apart = has_limit(limited, OWN_TOTAL, one) & (
        limited[one.named("outcome")] != CODES[Outcome.BEFORE_SIGN_UP]
    )
    mine = limited.filter(is_apart)
    mine = mine.mutate(period=period_in(mine, mine[balance_no], program, one))
    start = by_balance(mine[balance_no], balances, lambda balance: ibis.literal(balance.start, type="int64"))
    window = ibis.window(
        group_by=[mine.member_no, mine[balance_no], mine.period],
        order_by=[mine[name] for name in ORDER],
        preceding=(None, 0),
    )
    summed = steps.add(
        one.named("own_totals"),
        "events of the balances that are summed apart, with running totals",
        mine.mutate(**{own_total: (mine[passed].sum().over(window) + start).cast("int64")}),
    )
    if any(_has_floor(balance, book) for balance in balances):
        summed = _add_lifted(steps, summed, book, balances, one)
    both = ibis.union(summed.select(*limited.columns), limited.filter(~is_apart))
    return steps.add(one.named("totalled_events"), "and all others that can meet a limit", both)


def _add_lifted(
    steps: Steps, summed: Table, book: RuleBook, balances: Sequence[Balance], one: VersionSet
) -> Table:
    """The events with what the floor leaves of them."""
    balance_no, passed, own_total = (one.named(name) for name in ("balance_no", "passed", "own_total"))

    def below(balance: Balance) -> Any:
        if not _has_floor(balance, book):
            return ibis.literal(0, type="int64")
        return ibis.literal(balance.floor, type="int64") - summed[own_total]

    lowered = steps.add(
        one.named("below_floors"),
        "and how far the plain sum lies below the floor",
        summed.mutate(below=by_balance(summed[balance_no], balances, below)),
    )
    keys = {
        "group_by": [lowered.member_no, lowered[balance_no], lowered.period],
        "order_by": [lowered[name] for name in ORDER],
    }
    lifted = lowered.mutate(
        lift=ibis.greatest(lowered.below.max().over(ibis.window(**keys, preceding=(None, 0))), 0),
        lift_before=ibis.greatest(
            lowered.below.max().over(ibis.window(**keys, preceding=(None, 1))).fill_null(0), 0
        ),
    )
    lifted = steps.add(
        one.named("lifted_totals"), "and how far the floor has lifted the total, after and before", lifted
    )
    return lifted.mutate(
        **{
            own_total: (lifted[own_total] + lifted.lift).cast("int64"),
            passed: (lifted[passed] + lifted.lift - lifted.lift_before).cast("int64"),
        }
    )
