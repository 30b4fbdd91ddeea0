"""What an event asks for, before any limit.

Source: DESIGN, section 3, "Valuation".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pointbook.interpret.conditions import test_of
from pointbook.interpret.rounding import half_up
from pointbook.model.ledger import Assume, Outcome
from pointbook.model.rules import Assessed, Fixed, PerUnit, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Activity, Points


class Base(NamedTuple):
    """Points before bonuses and sharing, or why there are none."""

    points: int
    outcome: Outcome | None = None
    assumed: bool = False


class Valuation(NamedTuple):
    """What an event asks for.

    Attributes:
        requested: Points; 0 where there is an outcome.
        outcome: Why no amount could be found, or None.
        assumed: Whether the assessed value was assumed.
        ignored: Whether the log carries other points, which the rule does not use.
        base: Points before bonuses and sharing.
        bonuses: Indexes of the bonuses added.
    """

    requested: int
    outcome: Outcome | None
    assumed: bool
    ignored: bool
    base: int
    bonuses: tuple[int, ...]


if TYPE_CHECKING:
    BaseOf = Callable[[Event], Base]
    ValuationOf = Callable[[Event, Member], Valuation]

_NOT_ELIGIBLE = Valuation(0, Outcome.NOT_ELIGIBLE, False, False, 0, ())
_MISSING = Valuation(0, Outcome.MISSING_ATTRIBUTE, False, False, 0, ())
_OUT_OF_RANGE = Valuation(0, Outcome.OUT_OF_RANGE, False, False, 0, ())
_BASE_MISSING = Base(0, Outcome.MISSING_ATTRIBUTE)
_BASE_OUT_OF_RANGE = Base(0, Outcome.OUT_OF_RANGE)
_BASE_UNVALUED = Base(0, Outcome.UNVALUED)


def valuation_of(
    activity: Activity, assume: Assume, reference: Activity | None, *, same_version: bool
) -> ValuationOf:
    """The activity's rule as a function from an event and its member to what is asked for.

    Args:
        activity: The rule that values the event.
        assume: What a missing assessed value is taken to be.
        reference: The same activity in the version in force on the event's date, or None where that
            version has none.
        same_version: Whether that version is the one that values.
    """
    base_of = _base_of(activity.points, assume, reference, same_version=same_version)
    assessed = isinstance(activity.points, Assessed)
    if activity.eligible_if is None and not activity.bonuses and activity.split_among is None:
        return _plain_valuation(base_of, assessed=assessed)
    return _full_valuation(activity, base_of, assessed=assessed)


def _plain_valuation(base_of: BaseOf, *, assessed: bool) -> ValuationOf:
    def valuation(event: Event, _: Member) -> Valuation:
        points, outcome, assumed = base_of(event)
        given = event.points
        ignored = not assessed and outcome is None and given is not None and given != points
        return Valuation(points, outcome, assumed, ignored, points, ())

    return valuation


def _full_valuation(activity: Activity, base_of: BaseOf, *, assessed: bool) -> ValuationOf:
    eligible = None if activity.eligible_if is None else test_of(activity.eligible_if)
    bonuses = tuple((bonus.points, test_of(bonus.condition)) for bonus in activity.bonuses)
    split_among = activity.split_among

    def valuation(event: Event, member: Member) -> Valuation:
        if eligible is not None:
            verdict = eligible(event, member)
            if not verdict:
                return _MISSING if verdict is None else _NOT_ELIGIBLE
        points, outcome, assumed = base_of(event)
        added = []
        verdicts = [test(event, member) for _, test in bonuses]
        sharers = 1 if split_among is None else event.attributes.get(split_among)
        if outcome is Outcome.MISSING_ATTRIBUTE or None in verdicts or sharers is None:
            return _MISSING
        if outcome is not None:
            return Valuation(0, outcome, False, False, 0, ())
        assert isinstance(sharers, int)
        if sharers < 1:
            return _OUT_OF_RANGE
        added = [index for index, verdict in enumerate(verdicts) if verdict]
        requested = half_up(points + sum(bonuses[index][0] for index in added), sharers)
        ignored = not assessed and event.points is not None and event.points != requested
        return Valuation(requested, None, assumed, ignored, points, tuple(added))

    return valuation


def _base_of(points: Points, assume: Assume, reference: Activity | None, *, same_version: bool) -> BaseOf:
    if isinstance(points, Fixed):
        fixed = Base(points.points)
        return lambda _: fixed
    if isinstance(points, PerUnit):
        return _per_unit(points)
    if isinstance(points, Table):
        return _table(points)
    taken_as_they_are = same_version or reference is None
    before = points if taken_as_they_are or reference is None else reference.points
    if not isinstance(before, Assessed) or (not taken_as_they_are and before.minimum == before.maximum):
        assumed = _assumed(points, assume)
        return lambda _: assumed
    return _assessed(points, before, assume)


def _per_unit(rule: PerUnit) -> BaseOf:
    points, attribute = rule.points, rule.attribute

    def base(event: Event) -> Base:
        quantity = event.attributes.get(attribute)
        if quantity is None:
            return _BASE_MISSING
        assert isinstance(quantity, (int, Decimal))
        if quantity < 0:
            return _BASE_OUT_OF_RANGE
        numerator, denominator = quantity.as_integer_ratio()
        return Base(half_up(points * numerator, denominator))

    return base


def _table(rule: Table) -> BaseOf:
    attribute = rule.attribute
    bases = {value: Base(points) for value, points in rule.values.items()}

    def base(event: Event) -> Base:
        value = event.attributes.get(attribute)
        if value is None:
            return _BASE_MISSING
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return bases.get(text, _BASE_OUT_OF_RANGE)

    return base


def _assessed(rule: Assessed, before: Assessed, assume: Assume) -> BaseOf:
    """An assessed value keeps its relative place when the range it was given in was another."""
    assumed = _assumed(rule, assume)
    lowest, highest = before.minimum, before.maximum
    same_range = (lowest, highest) == (rule.minimum, rule.maximum)
    spread = rule.maximum - rule.minimum

    def base(event: Event) -> Base:
        points = event.points
        if points is None:
            return assumed
        if not lowest <= points <= highest:
            return _BASE_OUT_OF_RANGE
        if same_range:
            return Base(points)
        return Base(rule.minimum + half_up((points - lowest) * spread, highest - lowest))

    return base


def _assumed(rule: Assessed, assume: Assume) -> Base:
    if assume is Assume.NONE:
        return _BASE_UNVALUED
    if assume is Assume.LOW:
        return Base(rule.minimum, None, assumed=True)
    if assume is Assume.HIGH:
        return Base(rule.maximum, None, assumed=True)
    return Base(half_up(rule.minimum + rule.maximum, 2), None, assumed=True)
