"""Steps: what each event asks for, before any limit.

Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.relational.rulebook.codes import CODES, NONE, TABLE
from pointbook.relational.steps.dating import calendar_columns
from pointbook.relational.steps.prices import (
    asked_of,
    base_of,
    chosen,
    forms_of,
    outcome_of,
    text_of,
    verdicts_of,
)
from pointbook.relational.steps.ruling import rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ibis.expr.types import Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.columns import InputColumns
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps

SHARED = ("member_no", "at", "event_id", "local")
"""Columns of an event that later steps use whatever the version, besides those of the calendar."""
OWN_OF_SUMS = ("rule_no", "balance_no", "limits", "requested", "outcome")
"""Columns of an event that each version set has its own of, and that sums need."""
OWN = (*OWN_OF_SUMS, "is_ignored", "is_assumed")
"""And those that the ledger has besides."""


def add_valued(  # noqa: PLR0913, PLR0917 - rules, events and what is in them
    steps: Steps,
    dated: Table,
    rows: Mapping[str, Table],
    book: RuleBook,
    columns: InputColumns,
    program: Program,
    sets: Sequence[VersionSet],
    *,
    steps_back: bool,
    lists_events: bool,
    orders_events: bool,
    keeps_order: bool,
) -> Table:
    """Step `valued_events`: each event with what it asks for under each version set.

    Where events are listed, it has the activity: as a number where rows that are sorted stay in order,
    because then the name comes last. It has the day where that is not the local date. Where only
    limits ask for the order of events, those that meet none have no id (texts are what takes room),
    and each has its activity, by which those are found that can meet one; events without a rule, which
    are awarded nothing, are left out where none is listed.
    """
    keys = ["version_index", "activity"]
    if lists_events:
        joined = dated.left_join(rows["rules"], keys).drop("version_index_right", "activity_right")
        ruled = steps.add("ruled_events", "events with their activity's rule, where there is one", joined)
    else:
        joined = dated.inner_join(rows["rules"], keys)
        ruled = steps.add("ruled_events", "events whose activity has a rule, with it", joined)
    for one in sets:
        if TABLE in forms_of(book, one):
            ruled = _with_amounts(steps, ruled, rows["amounts"], book, columns, one)
    judged = steps.add(
        "judged_events",
        "and with points before bonuses, and what the conditions say: nothing where an attribute is missing",
        ruled.mutate(
            **_named(
                sets,
                lambda one: {
                    **verdicts_of(ruled, book, columns, one),
                    **base_of(ruled, book, columns, one),
                },
            )
        ),
    )
    priced = steps.add(
        "priced_events",
        "and with what became of the valuation",
        judged.mutate(
            **_named(
                sets,
                lambda one: {"outcome": outcome_of(judged, book, one), "asked": asked_of(judged, book, one)},
            )
        ),
    )
    own = _named(sets, lambda one: _own(priced, book, one, OWN if lists_events else OWN_OF_SUMS))
    can_be_limited = reduce(or_, (own[one.named("limits")] != 0 for one in sets))
    named = _names(priced, keeps_order=keeps_order) if lists_events else {}
    if not orders_events:
        named["activity"] = priced.activity
        named["event_id"] = ibis.ifelse(can_be_limited, priced.event_id, ibis.null("string"))
    calendar = dict.fromkeys((*(one.membership_year for one in sets), *calendar_columns(program, sets)))
    return steps.add(
        "valued_events",
        "events with the points they ask for, before any limit, as narrow as can be",
        priced.select(
            *(name for name in SHARED if name not in named),
            *(["day"] if steps_back else []),
            **named,
            **{name: priced[name].cast("int16") for name in calendar},
            **own,
            can_be_limited=can_be_limited,
        ),
        # Then those that can meet a limit are read with their order, and all others without.
        is_read_anew=not orders_events,
    )


def _named(
    sets: Sequence[VersionSet], columns_of: Callable[[VersionSet], Mapping[str, Any]]
) -> dict[str, Any]:
    """The columns of each set under its own names."""
    return {one.named(name): value for one in sets for name, value in columns_of(one).items()}


def _names(events: Table, *, keeps_order: bool) -> dict[str, Any]:
    """The activity of each event, as a number if one of the versions has it."""
    if not keeps_order:
        return {"activity": events.activity}
    other = ibis.ifelse(events.activity_no.isnull(), events.activity, ibis.null("string"))
    return {"activity_no": events.activity_no.fill_null(NONE), "other_activity": other}


def _own(priced: Table, book: RuleBook, one: VersionSet, names: Sequence[str]) -> dict[str, Any]:
    """The columns `names` of a version set."""
    rule = rule_of(priced, book, one)
    outcome, asked, base_assumed = (priced[one.named(name)] for name in ("outcome", "asked", "base_assumed"))
    is_valued = outcome == CODES[Outcome.AWARDED]
    filled = {name: rule[name].fill_null(value) for name, value in book.columns.no_rule.items()}
    own = filled | {
        "balance_no": filled["balance_no"].cast("int8"),
        "requested": ibis.ifelse(is_valued, asked, 0).cast("int64"),
        "outcome": outcome.cast("int8"),
        "is_ignored": (is_valued & ~rule["is_assessed"] & (priced.points != asked)).fill_null(False),
        "is_assumed": (is_valued & base_assumed).fill_null(False),
    }
    return {name: own[name] for name in names}


def _with_amounts(  # noqa: PLR0913, PLR0917 - rules, events and what is in them
    steps: Steps, ruled: Table, amounts: Table, book: RuleBook, columns: InputColumns, one: VersionSet
) -> Table:
    looked_up = {row["quantity_no"] for row in book.rules_of(one) if row["form"] == TABLE}
    rule, value = rule_of(ruled, book, one), one.named("value")
    keyed = ruled.mutate(
        **{
            value: chosen(
                rule["quantity_no"], looked_up, lambda number: text_of(ruled, number, book, columns), "string"
            )
        }
    )
    keyed = steps.add(
        one.named("keyed_events"), "and with the attribute that a table of amounts asks for, as text", keyed
    )
    listed = amounts.rename(
        {one.named("listed_amount"): "amount", "listed_value": "value", "listed_rule": "rule_no"}
    )
    rule_no = rule_of(keyed, book, one)["rule_no"]
    joined = keyed.left_join(listed, [rule_no == listed.listed_rule, keyed[value] == listed.listed_value])
    return steps.add(
        one.named("listed_events"),
        "and with the amount that the table lists for it",
        joined.drop("listed_rule", "listed_value"),
    )
