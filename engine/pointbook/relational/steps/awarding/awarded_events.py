"""Every event with what limits leave of it, and its final outcome.

Most events meet no limit. Those whose rule can are taken apart once, for all version sets together,
and put back at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.relational.rulebook.codes import CODES, OWN_TOTAL
from pointbook.relational.steps.awarding.capping import capped
from pointbook.relational.steps.awarding.own_totals import floors_of, lifts, with_own_totals
from pointbook.relational.steps.dating import calendar_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import BooleanValue, Table

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context


def awarded_events(context: Context, valued: Table, rules: Table, caps: Table) -> Table:
    """Every event with what counts, and its final outcome."""
    return _awarded(context, valued, rules, caps, is_stored=False)


def awarded_from_stored(context: Context, valued: Table, rules: Table, caps: Table) -> Table:
    """The same, to be read again and again: what limits leave of the few events that meet one is stored."""
    return _awarded(context, valued, rules, caps, is_stored=True)


def _awarded(context: Context, valued: Table, rules: Table, caps: Table, *, is_stored: bool) -> Table:
    apart = _summed_apart(context)
    events = _passing(context, valued).mutate(
        **{one.named("own_total"): ibis.literal(0, type="int64") for one in apart}
    )
    if _limited_activities(context):
        limited = _limited(context, events, events.can_be_limited)
        limited = capped(context, limited, rules, caps)
        for one in apart:
            limited = with_own_totals(context, limited, one)
        if is_stored:
            comment = "and with what limits leave of them"
            limited = context.add("cut_events", comment, limited, is_shared=True)
        events = _united(context, limited.columns, limited, events.filter(~events.can_be_limited))
    return _as_awarded(
        context, events.mutate(**{one.named("outcome"): _final_outcome(events, one) for one in context.sets})
    )


def awarded_amounts(context: Context, valued: Table, rules: Table, caps: Table) -> Table:
    """No more than amounts to be summed: what events are awarded, and by how much floors lift a total."""
    own = [one.named(name) for one in context.sets for name in ("balance_no", "passed")]
    summed = ("member_no", *calendar_columns(context), *own)
    events = _passing(context, valued)
    if activities := _limited_activities(context):
        # An event's activity says so too, and spares reading much of the others.
        can_be_limited = events.activity.isin(sorted(activities)) & events.can_be_limited
        limited = _limited(context, events, can_be_limited)
        limited = capped(context, limited, rules, caps)
        lifted = [lifts(context, limited, one) for one in _summed_apart(context) if floors_of(context)]
        events = _united(context, summed, limited, events.filter(~events.can_be_limited), *lifted)
    return _as_awarded(context, events.select(*summed))


def _summed_apart(context: Context) -> list[VersionSet]:
    """The version sets under which balances are summed apart."""
    book = context.book
    return [one for one in context.sets if any(row.limits & OWN_TOTAL for row in book.rules_of(one))]


def _limited_activities(context: Context) -> set[str]:
    """Every activity with a limit under a version set; events of all others meet none."""
    rules = context.book.activities.rules
    return {activity for own in rules for (_, activity), row in own.items() if row.limits}


def _passing(context: Context, valued: Table) -> Table:
    """All events, each with what limits have left of it so far: everything."""
    return valued.mutate(**{one.named("passed"): valued[one.named("requested")] for one in context.sets})


def _limited(context: Context, events: Table, can_be_limited: BooleanValue) -> Table:
    comment = "events that can meet a limit, or whose balance is summed apart"
    return context.add("limited_events", comment, events.filter(can_be_limited))


def _united(context: Context, columns: Sequence[str], *parts: Table) -> Table:
    comment = "all events again, with what limits leave of them"
    return context.add("passed_events", comment, ibis.union(*(part.select(*columns) for part in parts)))


def _as_awarded(context: Context, events: Table) -> Table:
    return events.rename({one.named("awarded"): one.named("passed") for one in context.sets})


def _final_outcome(events: Table, one: VersionSet) -> Any:
    requested, passed, outcome = (events[one.named(name)] for name in ("requested", "passed", "outcome"))
    awarded, reduced, capped_away = (
        ibis.literal(CODES[code], type="int8") for code in (Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED)
    )
    is_cut = (outcome == awarded) & (passed != requested)
    return ibis.ifelse(is_cut, ibis.ifelse(passed != 0, reduced, capped_away), outcome).cast("int8")
