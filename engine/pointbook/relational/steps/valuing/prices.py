"""What a version set's rule gives for an event, as expressions: conditions, points, outcome.

Conditions and points are columns of the step `judged_events`, from which outcome and points with
bonuses come. What no rule of a set has is left out. Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.attributes import AttributeType
from pointbook.model.ledger import Outcome
from pointbook.relational.rulebook.codes import CODES, NONE, Form
from pointbook.relational.steps.dating import edition_of
from pointbook.relational.steps.exact import half_of_share, quotient_of_positives
from pointbook.relational.steps.valuing.conditions import expression_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ibis.expr.types import BooleanValue, IntegerValue, Table

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context

    Branch = tuple[BooleanValue, Any]
    Branches = tuple[Branch, Branch]
    """When a form of points gives an event its points, and which; when it gives the outcome, and which."""


def forms_of(context: Context, one: VersionSet) -> set[Form]:
    """The forms of points that a version set's rules have."""
    return {row.form for row in context.book.rules_of(one)}


def _conditions_of(context: Context, one: VersionSet) -> dict[str, set[int]]:
    """The conditions that a version set's rules have, by what they decide; -1 where a rule has none."""
    rules, bonuses = context.book.rules_of(one), range(context.book.activities.bonuses)
    found = {"eligible": {row.eligible_no for row in rules}} | {
        f"bonus_{index}": {row.bonuses[index].no for row in rules} for index in bonuses
    }
    return {name: numbers for name, numbers in found.items() if not numbers <= {NONE}}


def _bonuses_of(context: Context, one: VersionSet) -> list[str]:
    """Names of the bonuses that a rule of the version set has."""
    return [name for name in _conditions_of(context, one) if name != "eligible"]


def _sharers_of(context: Context, one: VersionSet) -> set[int]:
    """The attributes that say among how many points are shared; none if no rule shares them."""
    numbers = {row.sharers_no for row in context.book.rules_of(one)}
    return set() if numbers <= {NONE} else numbers


def text_of(context: Context, events: Table, number: int) -> Any:
    """An attribute as text, as a table of amounts lists it."""
    name = context.book.activities.attributes[number]
    value = _attribute(context, events, number)
    if context.columns.types[name] is AttributeType.BOOLEAN:
        return ibis.cases((value, "true"), (~value, "false"), else_=ibis.null("string"))
    return value.cast("string")


def _attribute(context: Context, events: Table, number: int) -> Any:
    return events[context.columns.attributes[context.book.activities.attributes[number]]]


def chosen(selector: IntegerValue, numbers: Iterable[int], value_of: Callable[[int], Any], kind: str) -> Any:
    """The value of the attribute or condition that a row of the rules names; nothing where it names none."""
    branches = [(selector == number, value_of(number)) for number in sorted(numbers) if number != NONE]
    return ibis.cases(*branches, else_=ibis.null(kind)) if branches else ibis.null(kind)


def verdicts_of(context: Context, ruled: Table, one: VersionSet) -> dict[str, BooleanValue]:
    """What the conditions say: true, false, or nothing where an attribute is missing."""
    rule = context.rule_of(ruled, one)
    return {
        f"{name}_holds": chosen(
            rule[f"{name}_no"],
            numbers,
            lambda number: expression_of(context.book.activities.conditions[number], ruled, context.columns),
            "boolean",
        )
        for name, numbers in _conditions_of(context, one).items()
    }


def base_of(context: Context, ruled: Table, one: VersionSet) -> dict[str, Any]:
    """Points before bonuses and sharing, how many share them, and what stands in the way."""
    rule, forms = context.rule_of(ruled, one), forms_of(context, one)
    points, outcome = rule["amount"], rule["amount_outcome"]
    valued = [
        branches
        for form in Form
        if form in forms and (branches := _branches(context, ruled, one, form)) is not None
    ]
    if valued:
        points = ibis.cases(*(points_branch for points_branch, _ in valued), else_=points)
        outcome = ibis.cases(*(outcome_branch for _, outcome_branch in valued), else_=outcome)
    found = {"base": points, "base_outcome": outcome, "base_assumed": ibis.literal(False)}
    if _shares_rates(context, one):
        found["base_twice"] = _twice_of(context, ruled, one, points)
    if any(row.amount_assumed for row in context.book.rules_of(one)):
        is_constant = (rule["form"] == Form.CONSTANT.value) | (rule["form"] == Form.ASSESSED.value)
        found["base_assumed"] = rule["amount_assumed"] & is_constant & ~_is_given(ruled, rule)
    if sharers := _sharers_of(context, one):
        found["sharers"] = chosen(
            rule["sharers_no"], sharers, lambda number: _attribute(context, ruled, number), "int64"
        )
    return found


def _shares_rates(context: Context, one: VersionSet) -> bool:
    """Whether a rule of the version set shares points that a rate gives, which are not rounded before."""
    return any(row.form is Form.PER_UNIT and row.sharers_no != NONE for row in context.book.rules_of(one))


def _twice_of(context: Context, ruled: Table, one: VersionSet, points: Any) -> Any:
    """Twice the points, cut down to a whole number: that of a share is found by no more than that.

    Among 3, 37.5 points are 12.5 each, so 13: 75 and the 3 make 78, and 6 go 13 times into it.
    """
    product, _ = _product(context, ruled, one)
    is_per_unit = context.rule_of(ruled, one)["form"] == Form.PER_UNIT.value
    return ibis.ifelse(is_per_unit, (product + product).floor().cast("int64"), points * 2)


def _branches(context: Context, ruled: Table, one: VersionSet, form: Form) -> Branches | None:
    """What a form of points gives; None for the one that has the same points for every event."""
    match form:
        case Form.CONSTANT:
            return None
        case Form.ASSESSED:
            return _assessed(context, ruled, one)
        case Form.PER_UNIT:
            return _per_unit(context, ruled, one)
        case Form.TABLE:
            return _listed(context, ruled, one)
        case never:
            assert_never(never)


def _assessed(context: Context, ruled: Table, one: VersionSet) -> Branches:
    rule = context.rule_of(ruled, one)
    is_given = _is_given(ruled, rule)
    is_inside = ruled.points.between(rule["lowest"], rule["highest"])
    kept = ruled.points
    if any(row.is_rescaled for row in context.book.rules_of(one)):
        kept = ibis.ifelse(rule["is_rescaled"], _rescaled(ruled, rule), kept)
    outcome = ibis.ifelse(is_inside, _code(Outcome.AWARDED), _code(Outcome.OUT_OF_RANGE))
    return (is_given & is_inside, kept), (is_given, outcome)


def _product(context: Context, ruled: Table, one: VersionSet) -> tuple[Any, Any]:
    """What a rate gives, exactly, and the quantity."""
    rule = context.rule_of(ruled, one)
    numbers = {row.quantity_no for row in context.book.rules_of(one) if row.form is Form.PER_UNIT}
    names = (context.book.activities.attributes[number] for number in numbers)
    is_whole = all(context.columns.types[name] is AttributeType.INTEGER for name in names)
    kind = "int64" if is_whole else "decimal(28, 6)"
    quantity = chosen(
        rule["quantity_no"], numbers, lambda number: _attribute(context, ruled, number).cast(kind), kind
    )
    return quantity.cast("decimal(28, 6)") * rule["amount"].cast("decimal(10, 0)"), quantity


def _per_unit(context: Context, ruled: Table, one: VersionSet) -> Branches:
    rule = context.rule_of(ruled, one)
    product, quantity = _product(context, ruled, one)
    half = ibis.literal("0.5").cast("decimal(2, 1)")
    outcome = ibis.cases(
        (quantity.isnull(), _code(Outcome.MISSING_ATTRIBUTE)),
        (quantity < 0, _code(Outcome.OUT_OF_RANGE)),
        else_=_code(Outcome.AWARDED),
    )
    is_per_unit = rule["form"] == Form.PER_UNIT.value
    return (is_per_unit, (product + half).floor().cast("int64")), (is_per_unit, outcome)


def _listed(context: Context, ruled: Table, one: VersionSet) -> Branches:
    listed_amount = ruled[one.named("listed_amount")]
    outcome = ibis.cases(
        (ruled[one.named("value")].isnull(), _code(Outcome.MISSING_ATTRIBUTE)),
        (listed_amount.isnull(), _code(Outcome.OUT_OF_RANGE)),
        else_=_code(Outcome.AWARDED),
    )
    is_table = context.rule_of(ruled, one)["form"] == Form.TABLE.value
    return (is_table, listed_amount), (is_table, outcome)


def _is_given(ruled: Table, rule: Mapping[str, Any]) -> BooleanValue:
    """Whether the log carries the value of an event that people assess."""
    return (rule["form"] == Form.ASSESSED.value) & ruled.points.notnull()


def _rescaled(ruled: Table, rule: Mapping[str, Any]) -> Any:
    """An assessed value at the same place within the rule's range as in the one it was given under.

    15 of 10 to 20 is halfway: of 30 to 50 it becomes 30 + (15 - 10) * 20 / 10 = 40.
    """
    lowest, highest = rule["lowest"], rule["highest"]
    inside = ibis.least(ibis.greatest(ruled.points, lowest), highest)  # so that nothing overflows
    reach = ibis.greatest(highest - lowest, 1)
    return rule["minimum"] + quotient_of_positives((inside - lowest) * rule["spread"], reach)


def outcome_of(context: Context, judged: Table, one: VersionSet) -> IntegerValue:
    """What became of the valuation, in the order in which one reason goes before another."""
    rule, base_outcome = context.rule_of(judged, one), judged[one.named("base_outcome")]
    conditions, shares = _conditions_of(context, one), bool(_sharers_of(context, one))
    branches: list[tuple[Any, Any]] = [(judged.is_before_sign_up, _code(Outcome.BEFORE_SIGN_UP))]
    if one.fixed is None:
        branches.append((edition_of(judged, one) == NONE, _code(Outcome.NO_VERSION_IN_FORCE)))
    branches.append((rule["rule_no"].fill_null(NONE) == NONE, _code(Outcome.NO_SUCH_ACTIVITY)))
    if "eligible" in conditions:
        has_condition, holds = rule["eligible_no"] != NONE, judged[one.named("eligible_holds")]
        branches.append((has_condition & holds.isnull(), _code(Outcome.MISSING_ATTRIBUTE)))
        branches.append((has_condition & ~holds, _code(Outcome.NOT_ELIGIBLE)))
    lacks = [
        (rule[f"{name}_no"] != NONE) & judged[one.named(f"{name}_holds")].isnull()
        for name in _bonuses_of(context, one)
    ]
    is_shared = rule["sharers_no"] != NONE
    if shares:
        lacks.append(is_shared & judged[one.named("sharers")].isnull())
    if lacks:
        branches.append((reduce(or_, lacks), _code(Outcome.MISSING_ATTRIBUTE)))
    if shares:
        is_awarded = base_outcome == CODES[Outcome.AWARDED]
        has_none = is_shared & (judged[one.named("sharers")] < 1)
        branches.append((is_awarded & has_none, _code(Outcome.OUT_OF_RANGE)))
    return ibis.cases(*branches, else_=base_outcome)


def _code(outcome: Outcome) -> IntegerValue:
    return ibis.literal(CODES[outcome], type="int32")


def points_of(context: Context, judged: Table, one: VersionSet) -> IntegerValue:
    """Points with bonuses, shared; it means nothing where the outcome says why there are none."""
    rule = context.rule_of(judged, one)
    bonuses = [
        ibis.ifelse(judged[one.named(f"{name}_holds")], rule[name], 0) for name in _bonuses_of(context, one)
    ]
    total = reduce(add, bonuses, judged[one.named("base")])
    if not _sharers_of(context, one):
        return total
    sharers = judged[one.named("sharers")]
    doubled = [bonus * 2 for bonus in bonuses]
    twice = (
        reduce(add, doubled, judged[one.named("base_twice")]) if _shares_rates(context, one) else total * 2
    )
    is_shared = (rule["sharers_no"] != NONE) & (sharers >= 1)
    return ibis.ifelse(is_shared, half_of_share(twice, ibis.greatest(sharers, 1)), total)
