"""Steps: what each event asks for, before any limit.

Source: DESIGN, section 3, "Valuation".
"""

from __future__ import annotations

from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.model.rules import AttributeType
from pointbook.relational.rulebook.codes import ASSESSED, CODES, CONSTANT, NONE, PER_UNIT, TABLE
from pointbook.relational.steps.capping import is_limited
from pointbook.relational.steps.conditions import expression_of
from pointbook.relational.steps.dating import book_of, calendar_columns, edition_of
from pointbook.relational.steps.exact import half_up, quotient_of_positives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ibis.expr.types import BooleanValue, IntegerValue, Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.columns import InputColumns
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps

SHARED = ("member_no", "at", "event_id", "local")
"""Columns of an event that later steps use whatever the version, besides those of the calendar."""
OWN = ("rule_no", "balance_no", "limits", "requested", "outcome", "is_ignored", "is_assumed")
"""Columns of an event that each version set has its own of."""


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
    """Step `valued_events`: each event with what it asks for, under one version set after the other.

    Where events are listed, it has the activity: as a number where rows that are sorted stay in order,
    because then the name comes last. It has the day where that is not the local date. Where only
    limits ask for the order of events, those that meet none have no id: texts are what takes room.
    """
    valued = dated
    for one in sets:
        valued = _add_asked(steps, valued, rows, book, columns, program, one)
    calendar = dict.fromkeys((*(one.membership_year for one in sets), *calendar_columns(program, sets)))
    own = (one.named(name) for one in sets for name in OWN)
    named = _named(valued, sets, keeps_order=keeps_order) if lists_events else {}
    if not orders_events:
        named["event_id"] = ibis.ifelse(is_limited(valued, sets), valued.event_id, ibis.null("string"))
    return steps.add(
        "valued_events",
        "events with the points they ask for, before any limit, as narrow as can be",
        valued.select(
            *(name for name in SHARED if name not in named),
            *(["day"] if steps_back else []),
            **named,
            **{name: valued[name].cast("int16") for name in calendar},
            **{name: valued[name] for name in own},
        ),
    )


def _named(valued: Table, sets: Sequence[VersionSet], *, keeps_order: bool) -> dict[str, Any]:
    """The activity of each event, as a number if one of the versions has it."""
    if not keeps_order:
        return {"activity": valued.activity}
    number = ibis.coalesce(*(valued[one.named("activity_no")] for one in sets), NONE).cast("int32")
    other = ibis.ifelse(number == NONE, valued.activity, ibis.null("string"))
    return {"activity_no": number, "other_activity": other}


def _add_asked(  # noqa: PLR0913, PLR0917 - rules, events and what is in them
    steps: Steps,
    events: Table,
    rows: Mapping[str, Table],
    book: RuleBook,
    columns: InputColumns,
    program: Program,
    one: VersionSet,
) -> Table:
    """The events with the columns `OWN` of a version set."""
    numbered = events.mutate(book=book_of(events, one))
    joined = numbered.left_join(rows["rules"], ["book", "activity"]).drop("activity_right", "book_right")
    ruled = steps.add(
        one.named("ruled_events"), "events with their activity's rule, where the version has one", joined
    )
    if TABLE in _forms(book):
        ruled = _with_amounts(steps, ruled, rows["amounts"], book, columns, one)
    judged = steps.add(
        one.named("judged_events"),
        "and with what the conditions say of them: true, false, or nothing where an attribute is missing",
        ruled.mutate(**_verdicts(ruled, book, columns), **_base(ruled, book, columns)),
    )
    priced = steps.add(
        one.named("priced_events"),
        "and with what became of the valuation",
        judged.mutate(outcome=_outcome(judged, book, one), asked=_asked(judged, book)),
    )
    level_balance = list(program.balances).index(program.level_balance)
    is_valued = priced.outcome == CODES[Outcome.AWARDED]
    own = {
        "activity_no": priced.activity_no,
        "rule_no": priced.rule_no.fill_null(NONE).cast("int32"),
        "balance_no": priced.balance_no.fill_null(level_balance).cast("int8"),
        "limits": priced.limits.fill_null(0).cast("int32"),
        "requested": ibis.ifelse(is_valued, priced.asked, 0).cast("int64"),
        "outcome": priced.outcome.cast("int8"),
        "is_ignored": (is_valued & ~priced.is_assessed & (priced.points != priced.asked)).fill_null(False),
        "is_assumed": (is_valued & priced.base_assumed).fill_null(False),
    }
    asked = priced.select(*events.columns, **{one.named(name): value for name, value in own.items()})
    return steps.add(one.named("asked_events"), "and with the points they ask for", asked)


def _forms(book: RuleBook) -> set[int]:
    return {row["form"] for row in book.tables["rules"].rows}


def _with_amounts(  # noqa: PLR0913, PLR0917 - rules, events and what is in them
    steps: Steps, ruled: Table, amounts: Table, book: RuleBook, columns: InputColumns, one: VersionSet
) -> Table:
    looked_up = {row["quantity_no"] for row in book.tables["rules"].rows if row["form"] == TABLE}
    keyed = ruled.mutate(
        value=_chosen(
            ruled.quantity_no, looked_up, lambda number: _text(ruled, number, book, columns), "string"
        )
    )
    keyed = steps.add(
        one.named("keyed_events"), "and with the attribute that a table of amounts asks for, as text", keyed
    )
    listed = amounts.rename(listed_amount="amount", listed_value="value", listed_rule="rule_no")
    joined = keyed.left_join(
        listed, [keyed.rule_no == listed.listed_rule, keyed.value == listed.listed_value]
    ).drop("listed_rule", "listed_value")
    return steps.add(one.named("listed_events"), "and with the amount that the table lists for it", joined)


def _text(events: Table, number: int, book: RuleBook, columns: InputColumns) -> Any:
    name = book.attributes[number]
    value: Any = events[columns.attributes[name]]
    if columns.types[name] is AttributeType.BOOLEAN:
        return ibis.cases((value, "true"), (~value, "false"), else_=ibis.null("string"))
    return value.cast("string")


def _chosen(selector: IntegerValue, numbers: Iterable[int], value_of: Callable[[int], Any], kind: str) -> Any:
    """The value of the attribute or condition that a row of the rules names; nothing where it names none."""
    branches = [(selector == number, value_of(number)) for number in sorted(numbers) if number != NONE]
    return ibis.cases(*branches, else_=ibis.null(kind)) if branches else ibis.null(kind)


def _verdicts(ruled: Table, book: RuleBook, columns: InputColumns) -> dict[str, BooleanValue]:
    names = ("eligible_no", *(f"bonus_{index}_no" for index in range(book.bonuses)))
    return {
        f"{name.removesuffix('_no')}_holds": _chosen(
            ruled[name],
            {row[name] for row in book.tables["rules"].rows},
            lambda number: expression_of(book.conditions[number], ruled, columns),
            "boolean",
        )
        for name in names
    }


def _base(ruled: Table, book: RuleBook, columns: InputColumns) -> dict[str, Any]:
    """Points before bonuses and sharing, how many share them, and what stands in the way."""
    rows = book.tables["rules"].rows
    forms = _forms(book)
    awarded, missing = (
        ibis.literal(CODES[one], type="int32") for one in (Outcome.AWARDED, Outcome.MISSING_ATTRIBUTE)
    )
    out_of_range = ibis.literal(CODES[Outcome.OUT_OF_RANGE], type="int32")
    points: list[tuple[BooleanValue, Any]] = []
    outcomes: list[tuple[BooleanValue, Any]] = []
    if ASSESSED in forms:
        is_given = (ruled.form == ASSESSED) & ruled.points.notnull()
        is_inside = ruled.points.between(ruled.lowest, ruled.highest)
        reach = ruled.highest - ruled.lowest
        inside = ibis.least(
            ibis.greatest(ruled.points, ruled.lowest), ruled.highest
        )  # so that nothing overflows
        kept = ibis.ifelse(
            (reach == ruled.spread) & (ruled.lowest == ruled.minimum),
            ruled.points,
            ruled.minimum
            + quotient_of_positives((inside - ruled.lowest) * ruled.spread, ibis.greatest(reach, 1)),
        )
        points.append((is_given & is_inside, kept))
        outcomes.append((is_given, ibis.ifelse(is_inside, awarded, out_of_range)))
    if PER_UNIT in forms:
        numbers = {row["quantity_no"] for row in rows if row["form"] == PER_UNIT}
        quantity = _chosen(
            ruled.quantity_no,
            numbers,
            lambda number: ruled[columns.attributes[book.attributes[number]]].cast("decimal(28, 6)"),
            "decimal(28, 6)",
        )
        is_per_unit = ruled.form == PER_UNIT
        product = quantity * ruled.amount.cast("decimal(10, 0)")
        half = ibis.literal("0.5").cast("decimal(2, 1)")
        points.append((is_per_unit, (product + half).floor().cast("int64")))
        outcomes.append(
            (
                is_per_unit,
                ibis.cases((quantity.isnull(), missing), (quantity < 0, out_of_range), else_=awarded),
            )
        )
    if TABLE in forms:
        is_table = ruled.form == TABLE
        points.append((is_table, ruled.listed_amount))
        outcomes.append(
            (
                is_table,
                ibis.cases(
                    (ruled.value.isnull(), missing),
                    (ruled.listed_amount.isnull(), out_of_range),
                    else_=awarded,
                ),
            )
        )
    split = {row["sharers_no"] for row in rows}
    is_constant = (ruled.form == CONSTANT) | (ruled.form == ASSESSED)
    was_given = (ruled.form == ASSESSED) & ruled.points.notnull()
    return {
        "base": ibis.cases(*points, else_=ruled.amount) if points else ruled.amount,
        "base_outcome": ibis.cases(*outcomes, else_=ruled.amount_outcome)
        if outcomes
        else ruled.amount_outcome,
        "base_assumed": ruled.amount_assumed & is_constant & ~was_given,
        "sharers": _chosen(
            ruled.sharers_no,
            split,
            lambda number: ruled[columns.attributes[book.attributes[number]]],
            "int64",
        ),
    }


def _outcome(judged: Table, book: RuleBook, one: VersionSet) -> IntegerValue:
    """What became of the valuation, in the order in which one reason goes before another."""
    bonuses = range(book.bonuses)
    lacks = [
        (judged[f"bonus_{index}_no"] != NONE) & judged[f"bonus_{index}_holds"].isnull() for index in bonuses
    ]
    is_lacking = reduce(
        or_,
        [
            judged.base_outcome == CODES[Outcome.MISSING_ATTRIBUTE],
            (judged.sharers_no != NONE) & judged.sharers.isnull(),
            *lacks,
        ],
    )
    has_condition = judged.eligible_no != NONE
    branches = [
        (judged.is_before_sign_up, Outcome.BEFORE_SIGN_UP),
        (edition_of(judged, one) == NONE, Outcome.NO_VERSION_IN_FORCE),
        (judged.rule_no.isnull(), Outcome.NO_SUCH_ACTIVITY),
        (has_condition & judged.eligible_holds.isnull(), Outcome.MISSING_ATTRIBUTE),
        (has_condition & ~judged.eligible_holds, Outcome.NOT_ELIGIBLE),
        (is_lacking, Outcome.MISSING_ATTRIBUTE),
    ]
    later = [
        (judged.base_outcome != CODES[Outcome.AWARDED], judged.base_outcome),
        (
            (judged.sharers_no != NONE) & (judged.sharers < 1),
            ibis.literal(CODES[Outcome.OUT_OF_RANGE], type="int32"),
        ),
    ]
    coded = [(holds, ibis.literal(CODES[outcome], type="int32")) for holds, outcome in branches]
    result: IntegerValue = ibis.cases(
        *coded, *later, else_=ibis.literal(CODES[Outcome.AWARDED], type="int32")
    )
    return result


def _asked(judged: Table, book: RuleBook) -> IntegerValue:
    """Points with bonuses, shared; it means nothing where the outcome says why there are none."""
    bonuses = [
        ibis.ifelse(judged[f"bonus_{index}_holds"], judged[f"bonus_{index}"], 0)
        for index in range(book.bonuses)
    ]
    total: Any = reduce(add, bonuses, judged.base)
    if all(row["sharers_no"] == NONE for row in book.tables["rules"].rows):
        return total
    is_shared = (judged.sharers_no != NONE) & (judged.sharers >= 1)
    result: IntegerValue = ibis.ifelse(is_shared, half_up(total, ibis.greatest(judged.sharers, 1)), total)
    return result
