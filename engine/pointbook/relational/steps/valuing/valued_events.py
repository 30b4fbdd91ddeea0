"""Events with their rules, and what each requests under every version set, before any limit."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.relational.rulebook.codes import CODES, NONE, Form
from pointbook.relational.steps.dating import calendar_columns
from pointbook.relational.steps.valuing.prices import (
    base_of,
    chosen,
    forms_of,
    outcome_of,
    points_of,
    text_of,
    verdicts_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ibis.expr.types import Table

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context

    Named = Mapping[str, Any]

OF_AN_EVENT = ("member_no", "at", "event_id", "local", "day", "activity")
"""Columns of an event that later steps use whatever the version, besides those of the calendar."""
OF_A_SET = ("rule_no", "balance_no", "limits", "requested", "outcome", "is_ignored", "is_assumed")
"""Columns of an event that each version set has its own of."""
_KEYS = ("version_index", "activity")


def ruled_events(_context: Context, dated: Table, rules: Table) -> Table:
    """Events with their activity's rule, where there is one."""
    return dated.left_join(rules, _KEYS).drop(*(f"{key}_right" for key in _KEYS))


def events_with_rules(_context: Context, dated: Table, rules: Table) -> Table:
    """Events whose activity has a rule; all others are awarded nothing."""
    return dated.inner_join(rules, _KEYS)


def judged_events(context: Context, ruled: Table, amounts: Table) -> Table:
    """With points before bonuses, and what the conditions say: nothing where an attribute is missing."""
    for one in context.sets:
        if Form.TABLE in forms_of(context, one):
            ruled = _with_amounts(context, ruled, amounts, one)
    return ruled.mutate(
        **_named(
            context.sets, lambda one: {**verdicts_of(context, ruled, one), **base_of(context, ruled, one)}
        )
    )


def priced_events(context: Context, judged: Table) -> Table:
    """With what became of the valuation."""
    return judged.mutate(
        **_named(
            context.sets,
            lambda one: {
                "outcome": outcome_of(context, judged, one),
                "asked": points_of(context, judged, one),
            },
        )
    )


def valued_events(context: Context, priced: Table, columns: Sequence[str]) -> Table:
    """Events with the points they request, before any limit, and with no more columns than these.

    They are some of `OF_AN_EVENT` and `OF_A_SET`. Where rows that are sorted stay in order, an activity may
    be its number, because then its name can come last: `activity_no`, and `other_activity` where no
    version has it.
    """
    sets = context.sets
    own = _named(sets, lambda one: _own(context, priced, one, columns))
    named = {
        "activity_no": priced.activity_no.fill_null(NONE),
        "other_activity": ibis.ifelse(priced.activity_no.isnull(), priced.activity, ibis.null("string")),
    }
    of_event = [name for name in columns if name not in OF_A_SET]
    calendar = dict.fromkeys((*(one.membership_year for one in sets), *calendar_columns(context)))
    return priced.select(
        **{name: named[name] if name in named else priced[name] for name in of_event},
        **{name: priced[name].cast("int16") for name in calendar},
        **own,
        can_be_limited=reduce(or_, (own[one.named("limits")] != 0 for one in sets)),
    )


def valued_amounts(context: Context, priced: Table, columns: Sequence[str]) -> Table:
    """The same without the ids of events that meet no limit: texts are what takes room."""
    valued = valued_events(context, priced, columns)
    return valued.mutate(event_id=ibis.ifelse(valued.can_be_limited, valued.event_id, ibis.null("string")))


def _named(sets: Sequence[VersionSet], columns_of: Callable[[VersionSet], Named]) -> dict[str, Any]:
    """The columns of each set under its own names."""
    return {one.named(name): value for one in sets for name, value in columns_of(one).items()}


def _own(context: Context, priced: Table, one: VersionSet, names: Sequence[str]) -> Named:
    """Those columns of a version set that are among `names`."""
    rule = context.rule_of(priced, one)
    outcome, points, base_assumed = (priced[one.named(name)] for name in ("outcome", "asked", "base_assumed"))
    is_valued = outcome == CODES[Outcome.AWARDED]
    own = {name: rule[name].fill_null(value) for name, value in context.book.columns.no_rule.items()}
    own |= {
        "balance_no": own["balance_no"].cast("int8"),
        "requested": ibis.ifelse(is_valued, points, 0).cast("int64"),
        "outcome": outcome.cast("int8"),
        "is_ignored": (is_valued & ~rule["is_assessed"] & (priced.points != points)).fill_null(False),
        "is_assumed": (is_valued & base_assumed).fill_null(False),
    }
    return {name: own[name] for name in OF_A_SET if name in names}


def _with_amounts(context: Context, ruled: Table, amounts: Table, one: VersionSet) -> Table:
    """With the amount of the version set's table that the event's attribute names."""
    looked_up = {row.quantity_no for row in context.book.rules_of(one) if row.form is Form.TABLE}
    value = one.named("value")
    key = chosen(
        context.rule_of(ruled, one)["quantity_no"],
        looked_up,
        lambda number: text_of(context, ruled, number),
        "string",
    )
    keyed = context.add(
        one.named("keyed_events"),
        "and with the attribute that a table of amounts asks for, as text",
        ruled.mutate(**{value: key}),
    )
    listed = amounts.rename(
        {one.named("listed_amount"): "amount", "listed_value": "value", "listed_rule": "rule_no"}
    )
    rule_no = context.rule_of(keyed, one)["rule_no"]
    joined = keyed.left_join(listed, [rule_no == listed.listed_rule, keyed[value] == listed.listed_value])
    return context.add(
        one.named("listed_events"),
        "and with the amount that the table lists for it",
        joined.drop("listed_rule", "listed_value"),
    )
