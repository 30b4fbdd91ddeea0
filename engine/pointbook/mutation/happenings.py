"""What can be done that an activity's rules may value in different ways: every border that they name."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from pointbook.model.attributes import LEVEL, MEMBER_PREFIX, OCCURRED_ON, AttributeType, defaults_of
from pointbook.model.conditions import All, AnyOf, Comparison, Not
from pointbook.mutation.nudges import last_place
from pointbook.mutation.story import Happening, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pointbook.model.activities import Activity
    from pointbook.model.conditions import Condition, Within
    from pointbook.model.program import Program
    from pointbook.mutation.story import Cells

MOST = 2000
"""So many combinations of values are tried of one activity at most."""

_POINTS = "points"
_MANY = 100


def stories_of_one(
    rules: Sequence[Activity], program: Program, signed_up_on: date, day: date, quantities: Sequence[int] = ()
) -> list[Story]:
    """Stories of one event each, of one activity.

    Args:
        rules: The activity by each state of the rules.
        program: Which declares the attributes.
        signed_up_on: When members signed up.
        day: When it is done, unless a condition names days.
        quantities: Numbers to try where the activity is worth so much a unit.
    """
    values = _values(rules, program, day, quantities)
    days = [day, *_days_named(rules, signed_up_on)]
    names = tuple(values)
    stories = []
    for when, *chosen in islice(product(days, *values.values()), MOST):
        cells = [(name, value) for name, value in zip(names, chosen, strict=True) if value is not None]
        own = tuple((name, value) for name, value in cells if not name.startswith(MEMBER_PREFIX))
        of_member = tuple(
            (name.removeprefix(MEMBER_PREFIX), value)
            for name, value in cells
            if name.startswith(MEMBER_PREFIX)
        )
        happening = Happening(when.isoformat(), rules[0].id, own)
        stories.append(Story(signed_up_on, (happening,), (when,), of_member))
    return stories


def _values(
    rules: Sequence[Activity], program: Program, day: date, quantities: Sequence[int]
) -> dict[str, list[Any]]:
    """By attribute, the values to try; `None` for none."""
    found: dict[str, dict[Any, None]] = {}
    declared = {name: attribute.type for rule in rules for name, attribute in rule.attributes.items()}
    declared |= {f"{MEMBER_PREFIX}{name}": one.type for name, one in program.member_attributes.items()}

    def add(name: str, *values: Any) -> None:
        found.setdefault(name, {}).update(dict.fromkeys(values))

    for rule in rules:
        if (assessed := rule.assessed) is not None and (ends := assessed.points.assessed_range) is not None:
            low, high = ends
            add(_POINTS, high, low, low - 1, high + 1)
        has_percents = any(bonus.percent != 0 for entry in rule.entries for bonus in entry.bonuses)
        numbers = (1, 2, *((_MANY,) if has_percents else ()))  # of many, a percent is not lost in rounding
        for need in rule.needs:
            if need.name != LEVEL:  # which events bring about
                of_type = declared.get(need.name)
                is_number = of_type in (AttributeType.INTEGER, AttributeType.DECIMAL)
                listed = (_as_typed(key, of_type) for key in need.listed)
                add(need.name, *listed, *(numbers if is_number else ()))
                add(need.name, *(quantities if is_number and need.worth else ()))
                if need.name in defaults_of(rule.attributes):
                    add(need.name, None)
        for comparison in _comparisons(rule):
            _add_of_comparison(comparison, declared, day, add)
    for name, values in found.items():
        if not values:
            values[_plain_value(declared.get(name), day)] = None
    return {name: list(values) for name, values in found.items()}


def _add_of_comparison(
    comparison: Comparison, declared: Mapping[str, AttributeType], day: date, add: Callable[..., None]
) -> None:
    """Add the values beside which a comparison changes, and none at all."""
    name = comparison.attribute
    if comparison.within is not None:
        _add_of_within(name, comparison.within, declared, day, add)
    if name not in declared:
        return
    named = [value for value in (comparison.equals, *(comparison.among or ())) if value is not None]
    bounds = [bound for bound in (comparison.at_least, comparison.at_most) if bound is not None]
    add(name, *map(_plain, named), *(_plain(near) for bound in bounds for near in _around(bound)))
    if declared[name] is AttributeType.BOOLEAN:
        add(name, True, False)
    elif comparison.within is None:
        add(name, _another(comparison, declared[name], day))
    add(name, None)


def _add_of_within(
    name: str, within: Within, declared: Mapping[str, AttributeType], day: date, add: Callable[..., None]
) -> None:
    """Add the days beside which a span of days begins or ends."""
    spans = [timedelta(days) for days in (0, within.days, within.days + 1, within.days - 1, -1)]
    if within.after in declared:
        add(within.after, *((day - span).isoformat() for span in spans), None)
        if name in declared:
            add(name, day.isoformat(), None)
    elif name in declared:  # after the event's own day
        add(name, *((day + span).isoformat() for span in spans), None)


def _another(comparison: Comparison, of_type: AttributeType, day: date) -> Any:
    """A value that the comparison does not name."""
    named = {comparison.equals, *(comparison.among or ())}
    if of_type is AttributeType.TEXT:
        return "another"
    plain = _plain_value(of_type, day)
    if of_type in (AttributeType.INTEGER, AttributeType.DECIMAL):
        return next(number for number in range(len(named) + 1) if number not in named)
    return plain


def _around(bound: Any) -> tuple[Any, ...]:
    if isinstance(bound, date):
        return bound, bound - timedelta(1), bound + timedelta(1)
    if isinstance(bound, int):
        return bound, bound - 1, bound + 1
    if isinstance(bound, Decimal):
        step = last_place(bound)
        return bound, bound - step, bound + step
    return (bound,)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _as_typed(key: str, of_type: AttributeType | None) -> Any:
    """A key of a table, which is text, as the attribute has it."""
    if of_type is AttributeType.INTEGER:
        return int(key)
    return key == "true" if of_type is AttributeType.BOOLEAN else key


def _plain_value(of_type: AttributeType | None, day: date) -> Any:
    """Any value of a type."""
    match of_type:
        case AttributeType.DATE:
            return day.isoformat()
        case AttributeType.TEXT:
            return "any"
        case AttributeType.BOOLEAN:
            return True
        case AttributeType.INTEGER | AttributeType.DECIMAL | None:
            return 1


def _days_named(rules: Sequence[Activity], signed_up_on: date) -> list[date]:
    """The days beside which a condition on the event's own day changes, as far as the member is there."""
    days: dict[date, None] = {}
    for rule in rules:
        for comparison in _comparisons(rule):
            if comparison.attribute == OCCURRED_ON:
                bounds = (
                    comparison.equals,
                    *(comparison.among or ()),
                    comparison.at_least,
                    comparison.at_most,
                )
                for bound in bounds:
                    if isinstance(bound, date):
                        days |= dict.fromkeys(_around(bound))
    return [day for day in days if day >= signed_up_on]


def _comparisons(rule: Activity) -> Iterator[Comparison]:
    if rule.eligible_if is not None:
        yield from _inside(rule.eligible_if)
    for entry in rule.entries:
        if entry.condition is not None:
            yield from _inside(entry.condition)
        for bonus in entry.bonuses:
            yield from _inside(bonus.condition)


def members_for(conditions: Sequence[Condition], program: Program, day: date) -> list[Cells]:
    """Members beside whom one of these conditions changes.

    Args:
        conditions: Which may name attributes of members.
        program: Which declares them.
        day: A day to begin with.
    """
    found: dict[str, dict[Any, None]] = {}
    declared = {f"{MEMBER_PREFIX}{name}": one.type for name, one in program.member_attributes.items()}
    for condition in conditions:
        for comparison in _inside(condition):
            _add_of_comparison(
                comparison,
                declared,
                day,
                lambda name, *values: found.setdefault(name, {}).update(dict.fromkeys(values)),
            )
    names = [name.removeprefix(MEMBER_PREFIX) for name in found]
    return [
        tuple((name, value) for name, value in zip(names, chosen, strict=True) if value is not None)
        for chosen in islice(product(*found.values()), MOST)
    ]


def _inside(condition: Condition) -> Iterator[Comparison]:
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _inside(part)
        case Not(part):
            yield from _inside(part)
        case Comparison():
            yield condition
