"""What an event requests: whether it is eligible, and the points that its activity's rule gives it.

Amounts are found exactly, and rounded once, at the end, to the places of the balance.
Source: docs/meaning.md, "Valuation".
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import NamedTuple, assert_never

from pointbook.interpret.conditions import holds, value_of
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.amounts import EXACT, Amount, fits_places, from_units, product
from pointbook.model.attributes import LEVEL, Value, with_defaults
from pointbook.model.ledger import Assume, Outcome
from pointbook.model.log import Attributes, Event, Member
from pointbook.model.points.forms import Assessed, Fixed, Points, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import AssessedPerUnit, PerUnit, steps_in
from pointbook.model.program import Balance

# Looked up once: an enumeration's member costs more than the comparison it is used in.
_MISSING, _OUT_OF_RANGE = Outcome.MISSING_ATTRIBUTE, Outcome.OUT_OF_RANGE
_UNVALUED = Outcome.UNVALUED


class Base(NamedTuple):
    """Points before bonuses and sharing.

    Attributes:
        points: Exactly; 0 where there are none.
        outcome: Why there are none, or None.
        assumed: Whether they are assumed.
        is_given: Whether the log's points decide, or would if they were there.
    """

    points: Amount
    outcome: Outcome | None = None
    assumed: bool = False
    is_given: bool = False


_base = partial(tuple.__new__, Base)  # does not name the fields again, which takes time


class Valuation(NamedTuple):
    """What an event requests, before any limit.

    Attributes:
        requested: Points; 0 where there is an outcome.
        outcome: Why no amount could be found, or None.
        assumed: Whether the assessed value was assumed.
        is_given: Whether the log's points decide, or would if they were there.
        base: Points before bonuses and sharing.
        bonuses: Indexes of the bonuses added.
    """

    requested: Amount
    outcome: Outcome | None
    assumed: bool = False
    is_given: bool = False
    base: Amount = 0
    bonuses: tuple[int, ...] = ()


_valuation = partial(tuple.__new__, Valuation)


def filled(event: Event, defaults: Attributes, level: str | None) -> Event:
    """The event as rules see it: what is not given is its default, and that of the level the one held."""
    if not defaults:
        return event
    held = {LEVEL: level} if level is not None and LEVEL in defaults else {}
    return event._replace(attributes={**with_defaults(event.attributes, defaults), **held})


def refused(activity: Activity, event: Event, member: Member) -> Outcome | None:
    """Why nothing of the event counts; None where it is eligible."""
    if activity.eligible_if is None or (eligible := holds(activity.eligible_if, event, member)):
        return None
    return _MISSING if eligible is None else Outcome.NOT_ELIGIBLE


def valued(  # noqa: PLR0913, PLR0917 - all that an amount depends on
    rule: EntryRule,
    balance: Balance,
    event: Event,
    member: Member,
    given_under: Points,
    assume: Assume,
    copied: Base | None = None,
) -> Valuation:
    """What an entry of the event requests, of a spend as a positive amount.

    Args:
        rule: How its points are found.
        balance: Its balance.
        event: What happened.
        member: Who did it.
        given_under: The rule of the reference version, under which an assessed value was given.
        assume: What a missing assessed value is taken to be.
        copied: What the entry came to that it copies; None where it copies none.
    """
    if copied is not None and copied.outcome is not None:  # no bonus of nothing, whatever it would need
        return Valuation(0, copied.outcome, copied.assumed)
    base, outcome, assumed, is_given = base_amount(
        rule.points, balance, event, member, given_under, assume, copied
    )
    verdicts = [holds(bonus.condition, event, member) for bonus in rule.bonuses]
    added = tuple([index for index, verdict in enumerate(verdicts) if verdict])
    percents = [_percent(rule.bonuses[index].percent, event, member) for index in added]
    sharers = 1 if rule.split_among is None else value_of(rule.split_among, event, member)
    if outcome is _MISSING or None in verdicts or _MISSING in percents or sharers is None:
        return Valuation(0, _MISSING, is_given=is_given)
    if outcome is not None or _OUT_OF_RANGE in percents:
        return Valuation(0, outcome or _OUT_OF_RANGE, is_given=is_given)
    assert isinstance(sharers, int)
    if sharers < 1:
        return Valuation(0, _OUT_OF_RANGE, is_given=is_given)
    percent = max(-100, sum([one for one in percents if not isinstance(one, Outcome)]))
    points = sum([rule.bonuses[index].points for index in added])
    # In hundredths, so that a percentage is a whole number of times the amount.
    whole = EXACT.add(product(base, 100 + percent), 100 * points) if percent else base + points
    requested = rounded(whole, (100 if percent else 1) * sharers, balance)
    return _valuation((requested, None, assumed, is_given, base, added))


def rounded(amount: Amount, parts: int, balance: Balance) -> Amount:
    """One of equal parts of an amount, as the balance rounds it.

    2.5 hours at 15 points an hour are 37.5 points, so 38: half_up(75, 2).
    """
    places = balance.decimals
    if parts == 1 and not places and type(amount) is int:
        return amount
    numerator, denominator = amount.as_integer_ratio()
    return from_units(balance.round.of(numerator * 10**places, denominator * parts), places)


def base_amount(  # noqa: PLR0913, PLR0917 - those of `valued`, with its points alone
    points: Points,
    balance: Balance,
    event: Event,
    member: Member,
    given_under: Points,
    assume: Assume,
    copied: Base | None = None,
) -> Base:
    """Points before bonuses and sharing; the arguments are those of `valued`."""
    if isinstance(points, Assessed) and isinstance(given_under, Assessed):  # the same for all events
        return _assessed(points, event.points, given_under, assume, balance.decimals)
    found = found_for(points, event, member)
    if isinstance(found, Assessed):
        given_in = found if given_under is points else found_for(given_under, event, member)
        return _assessed(found, event.points, given_in, assume, balance.decimals)
    if isinstance(found, Outcome):
        return _base((0, found, False, False))
    if isinstance(found, SameAs):
        assert copied is not None
        return copied
    return _base((found, None, False, False))


Found = Amount | Assessed | SameAs | Outcome
"""What the points of one event are: an amount, a range for people to decide in, another entry's, or why
there are none."""


def found_for(points: Points, event: Event, member: Member) -> Found:  # noqa: PLR0911 - the forms
    """What a rule comes to for one event: of a table its amount, of a rate its product, of ranges theirs."""
    if isinstance(points, Assessed):
        return points
    if isinstance(points, Fixed):
        return points.points
    if isinstance(points, PerUnit):
        quantity = _quantity(value_of(points.attribute, event, member))
        rate = points.points
        one = found_for(rate, event, member) if isinstance(rate, Table) else rate
        if isinstance(quantity, Outcome) or not isinstance(one, (int, Decimal)):
            return _first(quantity, one)
        return product(one, steps_in(quantity, points.every))
    if isinstance(points, AssessedPerUnit):
        quantity = _quantity(value_of(points.attribute, event, member))
        return quantity if isinstance(quantity, Outcome) else Assessed(*points.bounds_for(quantity))
    if isinstance(points, Table):
        values = tuple([value_of(name, event, member) for name in points.attributes])
        if None in values:
            return _MISSING
        listed = points.amount_for(values)
        if listed is not None:
            return listed
        return _OUT_OF_RANGE if points.otherwise is None else found_for(points.otherwise, event, member)
    if isinstance(points, SameAs):
        return points
    assert_never(points)


def _quantity(value: Value | object) -> Amount | Outcome:
    """What a rate counts: a number of 0 or more."""
    if value is None:
        return _MISSING
    assert isinstance(value, (int, Decimal))
    return _OUT_OF_RANGE if value < 0 else value


def _first(*found: Found) -> Outcome:
    """The reason that is told where there are several: what is missing before what is out of range."""
    return _MISSING if _MISSING in found else _OUT_OF_RANGE


def _percent(percent: Amount | Table, event: Event, member: Member) -> Amount | Outcome:
    if not isinstance(percent, Table):
        return percent
    found = found_for(percent, event, member)
    assert not isinstance(found, (Assessed, SameAs))
    return found


def _assessed(rule: Assessed, value: Amount | None, given_in: Found, assume: Assume, places: int) -> Base:
    """The log's value, moved where it was given in another range; the assumption where it says nothing."""
    is_same = given_in is rule or given_in == rule
    is_comparable = is_same or rule.compares_with(given_in)
    if value is None or not is_comparable:
        assumed = rule.assumed(assume, places)
        if assumed is not None:
            return _base((assumed, None, True, True))
        return _base((0, _UNVALUED if is_comparable else Outcome.NOT_COMPARABLE, False, True))
    assert isinstance(given_in, Assessed)
    if not given_in.minimum <= value <= given_in.maximum or (is_same and not fits_places(value, places)):
        return Base(0, _OUT_OF_RANGE, is_given=True)
    return _base((value if is_same else rule.moved(value, given_in, places), None, False, True))
