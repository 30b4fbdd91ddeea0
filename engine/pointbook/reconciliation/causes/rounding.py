"""That system rounds otherwise."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, trunc
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import Assume
from pointbook.model.points.forms import Assessed
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis
from pointbook.reconciliation.setting import with_activities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import EventChange
    from pointbook.reconciliation.setting import Setting

    Rounded = Callable[[Fraction], int]

_MOST = 10**18
_HALF = Fraction(1, 2)


class Rounds(StrEnum):
    """What is rounded."""

    AMOUNTS = "amounts"
    SHARES = "shares"


class _Way(NamedTuple):
    """How an amount is rounded."""

    name: str
    words: str
    rounded: Rounded


def half_up(amount: Fraction) -> int:
    """To the nearest whole number, a half going up, as we do it."""
    return floor(amount + _HALF)


WAYS = (
    _Way("down", "down", floor),
    _Way("half_even", "halves to the even number", round),
    _Way("up", "up", ceil),
    _Way("half_down", "halves down", lambda amount: ceil(amount - _HALF)),
    _Way("towards_zero", "towards zero", trunc),
)


def rounding_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each other way to round, for all that is rounded, and for amounts and shares alone."""
    names = {Rounds.AMOUNTS: set[str](), Rounds.SHARES: set[str]()}
    for _, activity in ground.program.activities:
        if _has_broken_amounts(activity, ground.setting):
            names[Rounds.AMOUNTS].add(activity.id)
        if activity.sole.split_among is not None:
            names[Rounds.SHARES].add(activity.id)
    what = [kind for kind in Rounds if names[kind]]
    choices = [tuple(what), *((kind,) for kind in what)] if len(what) > 1 else [tuple(what)]
    for chosen in choices if what else []:
        concerned = ground.with_activities(set().union(*(names[kind] for kind in chosen)))
        for way in WAYS:
            yield Hypothesis(
                CauseKind.ROUNDING,
                f"rounding/{way.name}/{'+'.join(chosen)}",
                f"rounds {' and '.join(chosen)} {way.words}, not halves up",
                _as_valued,
                _valued(ground, way.rounded, chosen),
                concerned,
            )


def _has_broken_amounts(activity: Activity, setting: Setting) -> bool:
    if isinstance(activity.sole.points, Assessed):
        return setting.version is not None or setting.assume is Assume.MID
    return any(need.worth for need in activity.sole.points.needs)


def _as_valued(ours: Setting) -> Setting:
    """Every activity gives the points that its events carry."""
    whatever = Assessed(-_MOST, _MOST)
    return with_activities(
        ours,
        lambda activity: replace(activity, eligible_if=None).with_entries(
            lambda entry: replace(entry, points=whatever, bonuses=(), split_among=None)
        ),
    )


def _valued(ground: Ground, rounded: Rounded, chosen: tuple[Rounds, ...]) -> EventChange:
    """The events that are worth something, each with the points that it requests."""
    timeline = ground.evaluator.interpreter.timeline
    by_id = {book.version.id: book.activities for book in timeline.books}

    def valued(member: Member, events: Sequence[Event]) -> Sequence[Event]:
        found = []
        for event, entry in zip(events, ground.entries(member, events), strict=True):
            if entry.outcome.is_valued and entry.version is not None:
                activity = by_id[entry.version][event.activity]
                amount = _amount(ground, activity, event, entry)
                if Rounds.AMOUNTS in chosen and activity.sole.split_among is not None:
                    amount = Fraction(rounded(amount))
                amount = _with_bonuses(amount, activity, event, entry)
                sharers = (
                    1 if activity.sole.split_among is None else event.attributes[activity.sole.split_among]
                )
                assert isinstance(sharers, int)
                last_of = Rounds.AMOUNTS if activity.sole.split_among is None else Rounds.SHARES
                last = rounded if last_of in chosen else half_up
                found.append(event._replace(points=last(amount / sharers)))
        return found

    return valued


def _with_bonuses(amount: Fraction, activity: Activity, event: Event, entry: Entry) -> Fraction:
    bonuses = [activity.sole.bonuses[place] for place in entry.bonuses]
    percent = sum(Fraction(bonus.percent_for(event.attributes) or 0) for bonus in bonuses)
    return amount * (100 + max(-100, percent)) / 100 + sum(Fraction(bonus.points) for bonus in bonuses)


def _amount(ground: Ground, activity: Activity, event: Event, entry: Entry) -> Fraction:
    """The points of an event before bonuses and sharing, not rounded yet."""
    points = activity.sole.points
    if isinstance(points, Assessed) and entry.assumed and ground.setting.assume is Assume.MID:
        return Fraction(points.minimum + points.maximum) / 2
    if isinstance(points, Assessed) and not entry.assumed and event.points not in (None, entry.base):
        given = ground.evaluator.interpreter.timeline.given_under(event.local.date(), event.activity)
        if given is not None and isinstance(given.sole.points, Assessed) and given.sole.points.has_places:
            place = Fraction((event.points or 0) - given.sole.points.minimum)
            spread, width = (
                points.maximum - points.minimum,
                given.sole.points.maximum - given.sole.points.minimum,
            )
            return Fraction(points.minimum) + place * Fraction(spread) / Fraction(width)
    return Fraction(entry.base)
