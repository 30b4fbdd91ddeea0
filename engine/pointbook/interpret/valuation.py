"""What an event requests: whether it is eligible, and the points that its activity's rule gives it.

Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple, assert_never

from pointbook.interpret.conditions import holds
from pointbook.model.attributes import Value
from pointbook.model.ledger import Assume, Outcome
from pointbook.model.log import Event, Member
from pointbook.model.points import Assessed, Fixed, PerUnit, Points, Table, half_up
from pointbook.model.rules import Activity
from pointbook.model.wording import written

Base = tuple[int, Outcome | None, bool]
"""Points before bonuses and sharing, 0 where there are none; why there are none, or None; whether they
are assumed."""

_MISSING: Base = (0, Outcome.MISSING_ATTRIBUTE, False)
_OUT_OF_RANGE: Base = (0, Outcome.OUT_OF_RANGE, False)
_UNVALUED: Base = (0, Outcome.UNVALUED, False)
_NOT_COMPARABLE: Base = (0, Outcome.NOT_COMPARABLE, False)


class Valuation(NamedTuple):
    """What an event requests, before any limit.

    Attributes:
        requested: Points; 0 where there is an outcome.
        outcome: Why no amount could be found, or None.
        assumed: Whether the assessed value was assumed.
        ignored: The log carries points that the rule does not use, and they differ.
        base: Points before bonuses and sharing.
        bonuses: Indexes of the bonuses added.
    """

    requested: int
    outcome: Outcome | None
    assumed: bool = False
    ignored: bool = False
    base: int = 0
    bonuses: tuple[int, ...] = ()


def valued(
    activity: Activity, event: Event, member: Member, given_under: Points, assume: Assume
) -> Valuation:
    """What the event requests by the rule of its activity.

    Args:
        activity: The rule.
        event: What happened.
        member: Who did it.
        given_under: The rule of the reference version, under which an assessed value was given.
        assume: What a missing assessed value is taken to be.
    """
    eligible = activity.eligible_if is None or holds(activity.eligible_if, event, member)
    if not eligible:
        return Valuation(0, Outcome.MISSING_ATTRIBUTE if eligible is None else Outcome.NOT_ELIGIBLE)
    base, outcome, assumed = base_amount(activity.points, event, given_under, assume)
    verdicts = [holds(bonus.condition, event, member) for bonus in activity.bonuses]
    sharers = 1 if activity.split_among is None else event.attributes.get(activity.split_among)
    if outcome is Outcome.MISSING_ATTRIBUTE or None in verdicts or sharers is None:
        return Valuation(0, Outcome.MISSING_ATTRIBUTE)
    if outcome is not None:
        return Valuation(0, outcome)
    assert isinstance(sharers, int)
    if sharers < 1:
        return Valuation(0, Outcome.OUT_OF_RANGE)
    added = tuple(index for index, verdict in enumerate(verdicts) if verdict)
    requested = half_up(base + sum(activity.bonuses[index].points for index in added), sharers)
    ignored = not isinstance(activity.points, Assessed) and event.points not in (None, requested)
    return Valuation(requested, None, assumed, ignored, base, added)


def base_amount(points: Points, event: Event, given_under: Points, assume: Assume) -> Base:
    """Points before bonuses and sharing; the arguments are those of `valued`."""
    match points:
        case Assessed():
            return _assessed(points, event.points, given_under, assume)
        case Fixed(amount):
            return amount, None, False
        case PerUnit(rate, attribute):
            return _per_unit(rate, event.attributes.get(attribute))
        case Table(attribute, values):
            value = event.attributes.get(attribute)
            if value is None:
                return _MISSING
            listed = values.get(written(value))
            return _OUT_OF_RANGE if listed is None else (listed, None, False)
        case _:
            assert_never(points)


def _per_unit(rate: int, quantity: Value | date | None) -> Base:
    """2.5 hours at 15 points an hour are 38: half_up(15 * 5, 2)."""
    if quantity is None:
        return _MISSING
    assert isinstance(quantity, (int, Decimal))
    if quantity < 0:
        return _OUT_OF_RANGE
    numerator, denominator = quantity.as_integer_ratio()
    return half_up(rate * numerator, denominator), None, False


def _assessed(rule: Assessed, value: int | None, given_under: Points, assume: Assume) -> Base:
    """The log's value, moved where it was given in another range; the assumption where it says nothing."""
    is_same = given_under is rule or given_under == rule
    is_comparable = is_same or rule.compares_with(given_under)
    if value is None or not is_comparable:
        assumed = rule.assumed(assume)
        if assumed is not None:
            return assumed, None, True
        return _UNVALUED if is_comparable else _NOT_COMPARABLE
    assert isinstance(given_under, Assessed)
    if not given_under.minimum <= value <= given_under.maximum:
        return _OUT_OF_RANGE
    return value if is_same else rule.moved(value, given_under), None, False
