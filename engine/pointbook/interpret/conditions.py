"""Conditions as functions of an event and its member.

A condition that compares an attribute which is not given is neither true nor false: it is unknown
(None), and `all`, `any` and `not` carry that on as far as it can matter. `present` is always known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model.rules import MEMBER_PREFIX, OCCURRED_ON, All, AnyOf, Comparison, Not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Condition

    Test = Callable[[Event, Member], bool | None]
    Getter = Callable[[Event, Member], Any]


def test_of(condition: Condition) -> Test:
    """The condition as a function that says True, False, or None for unknown."""
    if isinstance(condition, All):
        parts = tuple(test_of(part) for part in condition.parts)
        return lambda event, member: _all(part(event, member) for part in parts)
    if isinstance(condition, AnyOf):
        parts = tuple(test_of(part) for part in condition.parts)
        return lambda event, member: _any(part(event, member) for part in parts)
    if isinstance(condition, Not):
        inner = test_of(condition.part)
        return lambda event, member: None if (verdict := inner(event, member)) is None else not verdict
    return _comparison(condition)


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    unknown = False
    for verdict in verdicts:
        if verdict is False:
            return False
        unknown = unknown or verdict is None
    return None if unknown else True


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    unknown = False
    for verdict in verdicts:
        if verdict:
            return True
        unknown = unknown or verdict is None
    return None if unknown else False


def _comparison(comparison: Comparison) -> Test:
    value_of = _getter(comparison.attribute)
    operators = _operators(comparison)
    present = comparison.present
    after_of = None if comparison.within is None else _getter(comparison.within.after)
    days = 0 if comparison.within is None else comparison.within.days

    def test(event: Event, member: Member) -> bool | None:
        value = value_of(event, member)
        if present is not None and (value is not None) is not present:
            return False
        if value is None:
            return None if operators or after_of is not None else True
        if not all(holds(value) for holds in operators):
            return False
        if after_of is None:
            return True
        after = after_of(event, member)
        return None if after is None else 0 <= (value - after).days <= days

    return test


def _operators(comparison: Comparison) -> tuple[Callable[[Any], bool], ...]:
    operators: list[Callable[[Any], bool]] = []
    if (equals := comparison.equals) is not None:
        operators.append(lambda value: bool(value == equals))
    if (among := comparison.among) is not None:
        operators.append(lambda value: value in among)
    if (at_least := comparison.at_least) is not None:
        operators.append(lambda value: bool(value >= at_least))
    if (at_most := comparison.at_most) is not None:
        operators.append(lambda value: bool(value <= at_most))
    return tuple(operators)


def _getter(name: str) -> Getter:
    if name == OCCURRED_ON:
        return lambda event, _: event.local.date()
    if name.startswith(MEMBER_PREFIX):
        own = name.removeprefix(MEMBER_PREFIX)
        return lambda _, member: member.attributes.get(own)
    return lambda event, _: event.attributes.get(name)
