"""What an event asks for, before any limit.

Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.interpret.conditions import test_of
from pointbook.model.ledger import Assume, Outcome
from pointbook.model.rounding import half_up
from pointbook.model.rules import Assessed, Fixed, PerUnit, Table
from pointbook.model.written_values import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Activity, Points


# Plain tuples, because one of each is made for every event of a log.
Base = tuple[int, Outcome | None, bool]
"""Points before bonuses and sharing; why there are none, or None; whether they are assumed."""

Valuation = tuple[int, Outcome | None, bool, bool, int, tuple[int, ...]]
"""What an event asks for: points (0 where there is an outcome); why no amount could be found, or None;
whether it is assumed; whether the log carries other points, which the rule does not use; points before
bonuses and sharing; indexes of the bonuses added."""

if TYPE_CHECKING:
    BaseOf = Callable[[Event], Base]
    ValuationOf = Callable[[Event, Member], Valuation]

_NOT_ELIGIBLE: Valuation = (0, Outcome.NOT_ELIGIBLE, False, False, 0, ())
_MISSING: Valuation = (0, Outcome.MISSING_ATTRIBUTE, False, False, 0, ())
_OUT_OF_RANGE: Valuation = (0, Outcome.OUT_OF_RANGE, False, False, 0, ())
_BASE_MISSING: Base = (0, Outcome.MISSING_ATTRIBUTE, False)
_BASE_OUT_OF_RANGE: Base = (0, Outcome.OUT_OF_RANGE, False)
_BASE_UNVALUED: Base = (0, Outcome.UNVALUED, False)


def valuation_of(activity: Activity, assume: Assume, given_under: Points | None = None) -> ValuationOf:
    """The activity's rule as a function from an event and its member to what is asked for.

    Args:
        activity: The rule that values the event.
        assume: What a missing assessed value is taken to be.
        given_under: The rule of another version under which assessed values were given, or None
            where they can be taken as they are.
    """
    base_of = _base_of(activity.points, assume, given_under)
    assessed = isinstance(activity.points, Assessed)
    if activity.eligible_if is not None or activity.bonuses or activity.split_among is not None:
        return _full_valuation(activity, base_of, assessed=assessed)
    if isinstance(activity.points, Assessed):
        return _assessed_valuation(activity.points, base_of, as_given=given_under is None)
    if isinstance(activity.points, Fixed):
        return _fixed_valuation(activity.points)
    return _plain_valuation(base_of)


def _fixed_valuation(rule: Fixed) -> ValuationOf:
    fixed = rule.points
    usual: Valuation = (fixed, None, False, False, fixed, ())
    differing: Valuation = (fixed, None, False, True, fixed, ())
    return lambda event, _: usual if event.points is None or event.points == fixed else differing


def _plain_valuation(base_of: BaseOf) -> ValuationOf:
    def valuation(event: Event, _: Member) -> Valuation:
        points, outcome, assumed = base_of(event)
        given = event.points
        ignored = given is not None and given != points and outcome is None
        return points, outcome, assumed, ignored, points, ()

    return valuation


def _assessed_valuation(rule: Assessed, base_of: BaseOf, *, as_given: bool) -> ValuationOf:
    """An assessed amount; the usual case, a value that counts as it is given, is answered at once."""
    lowest, highest = (rule.minimum, rule.maximum) if as_given else (1, 0)

    def valuation(event: Event, _: Member) -> Valuation:
        points = event.points
        if points is not None and lowest <= points <= highest:
            return points, None, False, False, points, ()
        points, outcome, assumed = base_of(event)
        return points, outcome, assumed, False, points, ()

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
        if outcome is _BASE_MISSING[1] or None in verdicts or sharers is None:
            return _MISSING
        if outcome is not None:
            return 0, outcome, False, False, 0, ()
        assert isinstance(sharers, int)
        if sharers < 1:
            return _OUT_OF_RANGE
        added = [index for index, verdict in enumerate(verdicts) if verdict]
        requested = half_up(points + sum(bonuses[index][0] for index in added), sharers)
        ignored = not assessed and event.points is not None and event.points != requested
        return requested, None, assumed, ignored, points, tuple(added)

    return valuation


def _base_of(points: Points, assume: Assume, given_under: Points | None) -> BaseOf:
    if isinstance(points, Fixed):
        fixed: Base = (points.points, None, False)
        return lambda _: fixed
    if isinstance(points, PerUnit):
        return _per_unit(points)
    if isinstance(points, Table):
        return _table(points)
    if given_under is None:
        return _assessed(points, points, assume)
    if isinstance(given_under, Assessed) and given_under.minimum < given_under.maximum:
        return _assessed(points, given_under, assume)
    assumed = _assumed(points, assume)
    return lambda _: assumed


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
        return half_up(points * numerator, denominator), None, False

    return base


def _table(rule: Table) -> BaseOf:
    attribute = rule.attribute
    bases: dict[str, Base] = {value: (points, None, False) for value, points in rule.values.items()}

    def base(event: Event) -> Base:
        value = event.attributes.get(attribute)
        if value is None:
            return _BASE_MISSING
        return bases.get(written(value), _BASE_OUT_OF_RANGE)

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
            return points, None, False
        return rule.minimum + half_up((points - lowest) * spread, highest - lowest), None, False

    return base


def _assumed(rule: Assessed, assume: Assume) -> Base:
    if assume is Assume.NONE:
        return _BASE_UNVALUED
    if assume is Assume.LOW:
        return rule.minimum, None, True
    if assume is Assume.HIGH:
        return rule.maximum, None, True
    return half_up(rule.minimum + rule.maximum, 2), None, True
