"""What a version set's rule gives for an event, as expressions: conditions, points, outcome.

Conditions and points are columns of the step `judged_events`, from which outcome and points with
bonuses come. What no rule of a set has is left out. Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.model.rules import AttributeType
from pointbook.relational.rulebook.codes import ASSESSED, CODES, CONSTANT, NONE, PER_UNIT, TABLE
from pointbook.relational.steps.conditions import expression_of
from pointbook.relational.steps.dating import edition_of
from pointbook.relational.steps.exact import half_up, quotient_of_positives
from pointbook.relational.steps.ruling import rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ibis.expr.types import BooleanValue, IntegerValue, Table

    from pointbook.relational.rulebook.columns import InputColumns
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook

    Branch = tuple[BooleanValue, Any]
    Branches = tuple[Branch, Branch]
    """When a form of points gives an event its points, and which; when it gives the outcome, and which."""


def forms_of(book: RuleBook, one: VersionSet) -> set[int]:
    """The forms of points that a version set's rules have."""
    return _values("form", book, one)


def _values(name: str, book: RuleBook, one: VersionSet) -> set[Any]:
    """What a version set's rules have in a column."""
    return {row[name] for row in book.rules_of(one)}


def text_of(events: Table, number: int, book: RuleBook, columns: InputColumns) -> Any:
    """An attribute as text, as a table of amounts lists it."""
    name = book.attributes[number]
    value: Any = events[columns.attributes[name]]
    if columns.types[name] is AttributeType.BOOLEAN:
        return ibis.cases((value, "true"), (~value, "false"), else_=ibis.null("string"))
    return value.cast("string")


def chosen(selector: IntegerValue, numbers: Iterable[int], value_of: Callable[[int], Any], kind: str) -> Any:
    """The value of the attribute or condition that a row of the rules names; nothing where it names none."""
    branches = [(selector == number, value_of(number)) for number in sorted(numbers) if number != NONE]
    return ibis.cases(*branches, else_=ibis.null(kind)) if branches else ibis.null(kind)


def verdicts_of(
    ruled: Table, book: RuleBook, columns: InputColumns, one: VersionSet
) -> dict[str, BooleanValue]:
    """What the conditions say: true, false, or nothing where an attribute is missing."""
    rule = rule_of(ruled, book, one)
    return {
        f"{name}_holds": chosen(
            rule[f"{name}_no"],
            _values(f"{name}_no", book, one),
            lambda number: expression_of(book.conditions[number], ruled, columns),
            "boolean",
        )
        for name in ("eligible", *_bonuses(book, one))
        if _has(name, book, one)
    }


def base_of(ruled: Table, book: RuleBook, columns: InputColumns, one: VersionSet) -> dict[str, Any]:
    """Points before bonuses and sharing, how many share them, and what stands in the way."""
    rule, forms = rule_of(ruled, book, one), forms_of(book, one)
    points, outcome = rule["amount"], rule["amount_outcome"]
    valued = [
        value_of(ruled, book, columns, one)
        for form, value_of in ((ASSESSED, _assessed), (PER_UNIT, _per_unit), (TABLE, _listed))
        if form in forms
    ]
    if valued:
        points = ibis.cases(*(points_branch for points_branch, _ in valued), else_=points)
        outcome = ibis.cases(*(outcome_branch for _, outcome_branch in valued), else_=outcome)
    found = {"base": points, "base_outcome": outcome, "base_assumed": ibis.literal(False)}
    if True in _values("amount_assumed", book, one):
        is_constant = (rule["form"] == CONSTANT) | (rule["form"] == ASSESSED)
        found["base_assumed"] = rule["amount_assumed"] & is_constant & ~_is_given(ruled, rule)
    if _has("sharers", book, one):
        found["sharers"] = chosen(
            rule["sharers_no"],
            _values("sharers_no", book, one),
            lambda number: ruled[columns.attributes[book.attributes[number]]],
            "int64",
        )
    return found


def _assessed(ruled: Table, book: RuleBook, _columns: InputColumns, one: VersionSet) -> Branches:
    rule = rule_of(ruled, book, one)
    is_given = _is_given(ruled, rule)
    is_inside = ruled.points.between(rule["lowest"], rule["highest"])
    kept = ruled.points
    if True in _values("is_rescaled", book, one):
        kept = ibis.ifelse(rule["is_rescaled"], _rescaled(ruled, rule), kept)
    outcome = ibis.ifelse(is_inside, _code(Outcome.AWARDED), _code(Outcome.OUT_OF_RANGE))
    return (is_given & is_inside, kept), (is_given, outcome)


def _per_unit(ruled: Table, book: RuleBook, columns: InputColumns, one: VersionSet) -> Branches:
    rule = rule_of(ruled, book, one)
    quantity = chosen(
        rule["quantity_no"],
        {row["quantity_no"] for row in book.rules_of(one) if row["form"] == PER_UNIT},
        lambda number: ruled[columns.attributes[book.attributes[number]]].cast("decimal(28, 6)"),
        "decimal(28, 6)",
    )
    product = quantity * rule["amount"].cast("decimal(10, 0)")
    half = ibis.literal("0.5").cast("decimal(2, 1)")
    outcome = ibis.cases(
        (quantity.isnull(), _code(Outcome.MISSING_ATTRIBUTE)),
        (quantity < 0, _code(Outcome.OUT_OF_RANGE)),
        else_=_code(Outcome.AWARDED),
    )
    is_per_unit = rule["form"] == PER_UNIT
    return (is_per_unit, (product + half).floor().cast("int64")), (is_per_unit, outcome)


def _listed(ruled: Table, book: RuleBook, _columns: InputColumns, one: VersionSet) -> Branches:
    listed_amount = ruled[one.named("listed_amount")]
    outcome = ibis.cases(
        (ruled[one.named("value")].isnull(), _code(Outcome.MISSING_ATTRIBUTE)),
        (listed_amount.isnull(), _code(Outcome.OUT_OF_RANGE)),
        else_=_code(Outcome.AWARDED),
    )
    is_table = rule_of(ruled, book, one)["form"] == TABLE
    return (is_table, listed_amount), (is_table, outcome)


def _is_given(ruled: Table, rule: Mapping[str, Any]) -> BooleanValue:
    """Whether the log carries the value of an event that people assess."""
    result: BooleanValue = (rule["form"] == ASSESSED) & ruled.points.notnull()
    return result


def _rescaled(ruled: Table, rule: Mapping[str, Any]) -> Any:
    """An assessed value at the same place within the rule's range as in the one it was given under."""
    lowest, highest = rule["lowest"], rule["highest"]
    inside = ibis.least(ibis.greatest(ruled.points, lowest), highest)  # so that nothing overflows
    reach = ibis.greatest(highest - lowest, 1)
    return rule["minimum"] + quotient_of_positives((inside - lowest) * rule["spread"], reach)


def outcome_of(judged: Table, book: RuleBook, one: VersionSet) -> IntegerValue:
    """What became of the valuation, in the order in which one reason goes before another."""
    rule, base_outcome = rule_of(judged, book, one), judged[one.named("base_outcome")]
    branches: list[tuple[Any, Any]] = [(judged.is_before_sign_up, _code(Outcome.BEFORE_SIGN_UP))]
    if one.fixed is None:
        branches.append((edition_of(judged, one) == NONE, _code(Outcome.NO_VERSION_IN_FORCE)))
    branches.append((rule["rule_no"].fill_null(NONE) == NONE, _code(Outcome.NO_SUCH_ACTIVITY)))
    if _has("eligible", book, one):
        has_condition, holds = rule["eligible_no"] != NONE, judged[one.named("eligible_holds")]
        branches.append((has_condition & holds.isnull(), _code(Outcome.MISSING_ATTRIBUTE)))
        branches.append((has_condition & ~holds, _code(Outcome.NOT_ELIGIBLE)))
    lacks = [base_outcome == CODES[Outcome.MISSING_ATTRIBUTE]]
    lacks += [
        (rule[f"{name}_no"] != NONE) & judged[one.named(f"{name}_holds")].isnull()
        for name in _bonuses(book, one)
    ]
    is_shared = rule["sharers_no"] != NONE
    if _has("sharers", book, one):
        lacks.append(is_shared & judged[one.named("sharers")].isnull())
    branches.append((reduce(or_, lacks), _code(Outcome.MISSING_ATTRIBUTE)))
    branches.append((base_outcome != CODES[Outcome.AWARDED], base_outcome))
    if _has("sharers", book, one):
        branches.append((is_shared & (judged[one.named("sharers")] < 1), _code(Outcome.OUT_OF_RANGE)))
    result: IntegerValue = ibis.cases(*branches, else_=_code(Outcome.AWARDED))
    return result


def _code(outcome: Outcome) -> IntegerValue:
    result: IntegerValue = ibis.literal(CODES[outcome], type="int32")
    return result


def _has(name: str, book: RuleBook, one: VersionSet) -> bool:
    """Whether a rule of the version set has a condition or an attribute of that name."""
    return not _values(f"{name}_no", book, one) <= {NONE}


def _bonuses(book: RuleBook, one: VersionSet) -> list[str]:
    """Names of the bonuses that a rule of the version set has."""
    names = (f"bonus_{index}" for index in range(book.bonuses))
    return [name for name in names if _has(name, book, one)]


def asked_of(judged: Table, book: RuleBook, one: VersionSet) -> IntegerValue:
    """Points with bonuses, shared; it means nothing where the outcome says why there are none."""
    rule = rule_of(judged, book, one)
    bonuses = [ibis.ifelse(judged[one.named(f"{name}_holds")], rule[name], 0) for name in _bonuses(book, one)]
    total: Any = reduce(add, bonuses, judged[one.named("base")])
    if not _has("sharers", book, one):
        return total
    sharers = judged[one.named("sharers")]
    is_shared = (rule["sharers_no"] != NONE) & (sharers >= 1)
    result: IntegerValue = ibis.ifelse(is_shared, half_up(total, ibis.greatest(sharers, 1)), total)
    return result
