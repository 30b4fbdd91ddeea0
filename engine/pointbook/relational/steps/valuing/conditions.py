"""Conditions as expressions.

SQL's three-valued logic is the meaning of an attribute that is not given: comparing it is neither
true nor false, and `AND`, `OR` and `NOT` carry that on as far as it can matter.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.attributes import OCCURRED_ON, AttributeType
from pointbook.model.conditions import All, AnyOf, Comparison, Not

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ibis.expr.types import BooleanValue, Table

    from pointbook.model.attributes import Value
    from pointbook.model.conditions import Condition
    from pointbook.relational.rulebook.columns import InputColumns

_PLACES: Mapping[AttributeType, Decimal] = {
    AttributeType.INTEGER: Decimal(1),
    AttributeType.DECIMAL: Decimal("0.000001"),
}
_MOST = Decimal(10) ** 15
"""No number in a log is as large."""


def expression_of(condition: Condition, events: Table, columns: InputColumns) -> BooleanValue:
    """The condition as an expression over events with the attributes of their members.

    It is true, false, or null for unknown.
    """
    match condition:
        case All(parts):
            return reduce(and_, (expression_of(part, events, columns) for part in parts))
        case AnyOf(parts):
            return reduce(or_, (expression_of(part, events, columns) for part in parts))
        case Not(part):
            return ~expression_of(part, events, columns)
        case Comparison():
            return reduce(and_, _tests(condition, events, columns))
        case never:
            assert_never(never)


def _tests(comparison: Comparison, events: Table, columns: InputColumns) -> list[BooleanValue]:
    value = _column(comparison.attribute, events, columns)
    kind = AttributeType.DATE if comparison.attribute == OCCURRED_ON else columns.types[comparison.attribute]
    tests: list[BooleanValue] = []
    if comparison.present is not None:
        tests.append(value.notnull() if comparison.present else value.isnull())
    if comparison.equals is not None:
        tests.append(_is_one_of(value, kind, (comparison.equals,)))
    if comparison.among is not None:
        tests.append(_is_one_of(value, kind, comparison.among))
    if comparison.at_least is not None:
        tests.append(value >= _literal(comparison.at_least, kind, ROUND_CEILING))
    if comparison.at_most is not None:
        tests.append(value <= _literal(comparison.at_most, kind, ROUND_FLOOR))
    if comparison.within is not None:
        after = _column(comparison.within.after, events, columns)
        days = value.delta(after, unit="day")
        tests.append((days >= 0) & (days <= comparison.within.days))
    return tests


def _column(name: str, events: Table, columns: InputColumns) -> Any:
    return events["local"].date() if name == OCCURRED_ON else events[columns.attributes[name]]


def _is_one_of(value: Any, kind: AttributeType, wanted: tuple[Value | date, ...]) -> BooleanValue:
    literals = [
        _literal(one, kind, ROUND_FLOOR)
        for one in wanted
        if kind not in _PLACES or _can_be(one, kind)  # a number with more places than a log can have
    ]
    if not literals:
        return ibis.ifelse(value.isnull(), ibis.null("boolean"), ibis.literal(False))
    return reduce(or_, (value == literal for literal in literals))


def _can_be(number: Any, kind: AttributeType) -> bool:
    return abs(number) < _MOST and Decimal(number) % _PLACES[kind] == 0


def _literal(value: Any, kind: AttributeType, rounding: str) -> Any:
    places = _PLACES.get(kind)
    if places is None:
        return ibis.literal(value, type="date") if kind is AttributeType.DATE else ibis.literal(value)
    number = min(max(Decimal(value), -_MOST), _MOST).quantize(places, rounding=rounding)
    if kind is AttributeType.INTEGER:
        return ibis.literal(int(number), type="int64")
    return ibis.literal(number, type="decimal(22, 6)")
