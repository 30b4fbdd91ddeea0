"""Whether a condition holds for an event and its member.

A condition that compares an attribute which is not given is neither true nor false: it is unknown
(None), and `all`, `any` and `not` carry that on as far as it can matter. `present` is always known.
With `hours: 4` and no `partner` given:

    all: [{hours: {at_least: 2}}, {partner: {is: true}}]   unknown
    any: [{hours: {at_least: 2}}, {partner: {is: true}}]   True
    not: {partner: {is: true}}                             unknown
"""

from __future__ import annotations

from typing import Any, assert_never

from pointbook.model.attributes import MEMBER_PREFIX, OCCURRED_ON
from pointbook.model.conditions import All, AnyOf, Comparison, Condition, Not
from pointbook.model.log import Event, Member


def holds(condition: Condition, event: Event, member: Member) -> bool | None:
    """True, False, or None for unknown."""
    match condition:
        case Comparison():
            return _compared(condition, event, member)
        case All(parts):
            verdicts = [holds(part, event, member) for part in parts]
            return False if False in verdicts else None if None in verdicts else True
        case AnyOf(parts):
            verdicts = [holds(part, event, member) for part in parts]
            return True if True in verdicts else None if None in verdicts else False
        case Not(part):
            verdict = holds(part, event, member)
            return None if verdict is None else not verdict
        case _:
            assert_never(condition)


def _compared(comparison: Comparison, event: Event, member: Member) -> bool | None:
    value = value_of(comparison.attribute, event, member)
    if comparison.present is not None and (value is not None) is not comparison.present:
        return False
    if value is None:
        return None if comparison.needs_value else True
    if comparison.order:
        return comparison.allows_level(value)
    if (
        (comparison.equals is not None and value != comparison.equals)
        or (comparison.among is not None and value not in comparison.among)
        or (comparison.at_least is not None and value < comparison.at_least)
        or (comparison.at_most is not None and value > comparison.at_most)
    ):
        return False
    if comparison.within is None:
        return True
    after = value_of(comparison.within.after, event, member)
    return None if after is None else 0 <= (value - after).days <= comparison.within.days


def value_of(name: str, event: Event, member: Member) -> Any:
    """The attribute's value; None where it is not given."""
    if name == OCCURRED_ON:
        return event.local.date()
    if name.startswith(MEMBER_PREFIX):
        return member.attributes.get(name.removeprefix(MEMBER_PREFIX))
    return event.attributes.get(name)
