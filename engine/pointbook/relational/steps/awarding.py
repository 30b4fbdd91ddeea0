"""Steps: what limits leave of each event, and its final outcome.

Most events meet no limit. Those whose rule can are taken apart once, for all version sets together,
and put back at the end. Source: docs/meaning.md, "Caps" and "Totals".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.relational.rulebook.codes import CODES, OWN_TOTAL
from pointbook.relational.steps.capping import add_capped
from pointbook.relational.steps.dating import calendar_columns
from pointbook.relational.steps.own_totals import add_lifts, add_own_totals, floors_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import BooleanValue, Table

    from pointbook.model.rules import Program
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
    *,
    orders_events: bool,
) -> Table:
    """Step `awarded_events`: every event with what counts, and its final outcome.

    Where nothing asks for the order of events, its rows are no more than amounts to be summed: what
    events are awarded, and by how much floors lift a total.
    """
    summing_apart = [one for one in sets if any(row["limits"] & OWN_TOTAL for row in book.rules_of(one))]
    summed = _summed_columns(program, sets)
    all_events = valued.mutate(
        **{one.named("passed"): valued[one.named("requested")] for one in sets},
        **{one.named("own_total"): ibis.literal(0, type="int64") for one in summing_apart if orders_events},
    )
    if any(row["limits"] for row in book.all_rules):
        limited = steps.add(
            "limited_events",
            "events that can meet a limit, or whose balance is summed apart",
            all_events.filter(
                all_events.can_be_limited if orders_events else _can_be_limited(all_events, book)
            ),
        )
        limited = add_capped(steps, limited, rows, book, sets)
        lifts: list[Table] = []
        for one in summing_apart:
            if orders_events:
                limited = add_own_totals(steps, limited, book, program, one)
            elif floors_of(book, program):
                lifts.append(add_lifts(steps, limited, book, program, one, sets))
        rest = all_events.filter(~all_events.can_be_limited)
        columns = limited.columns if orders_events else summed
        parts = (table.select(*columns) for table in (limited, rest, *lifts))
        all_events = steps.add(
            "passed_events", "all events again, with what limits leave of them", ibis.union(*parts)
        )
    if orders_events:
        all_events = all_events.mutate(
            **{one.named("outcome"): _final_outcome(all_events, one) for one in sets}
        )
    else:
        all_events = all_events.select(*summed)
    awarded = all_events.rename({one.named("awarded"): one.named("passed") for one in sets})
    return steps.add("awarded_events", "every event with what counts", awarded)


def _can_be_limited(events: Table, book: RuleBook) -> BooleanValue:
    """Whether an event can meet a limit; its activity says so too, and spares reading much of the others.

    Every rule with a limit is among those that are asked for, so that no event is lost between this and
    `can_be_limited` alone.
    """
    limited = {activity for rules in book.rules for (_, activity), row in rules.items() if row["limits"]}
    result: BooleanValue = events.activity.isin(sorted(limited)) & events.can_be_limited
    return result


def _summed_columns(program: Program, sets: Sequence[VersionSet]) -> list[str]:
    """What sums are by, and what is summed."""
    own = [one.named(name) for one in sets for name in ("balance_no", "passed")]
    return ["member_no", *calendar_columns(program, sets), *own]


def _final_outcome(events: Table, one: VersionSet) -> Any:
    requested, passed, outcome = (events[one.named(name)] for name in ("requested", "passed", "outcome"))
    awarded, reduced, capped = (
        ibis.literal(CODES[code], type="int8") for code in (Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED)
    )
    is_cut = (outcome == awarded) & (passed != requested)
    return ibis.ifelse(is_cut, ibis.ifelse(passed != 0, reduced, capped), outcome).cast("int8")
