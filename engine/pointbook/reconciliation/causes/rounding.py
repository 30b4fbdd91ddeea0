"""That system rounds otherwise."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, trunc
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.amounts import Rounding
from pointbook.model.ledger import Assume
from pointbook.model.points.forms import Assessed
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis
from pointbook.reconciliation.setting import with_activities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import EventChange, SettingChange
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


_ROUNDED = {Rounding.HALF_UP: "halves up", Rounding.DOWN: "down"}
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
        if _is_alone(activity) and activity.entries[0].split_among is not None:
            names[Rounds.SHARES].add(activity.id)
    yield from _of_balances(ground)
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


def _is_alone(activity: Activity) -> bool:
    """Whether the log can carry all that an event comes to, as one value, whatever level is held."""
    return len(activity.entries) == 1 and not activity.entries[0].is_spend and not activity.looks_at_level


def _of_balances(ground: Ground) -> Iterator[Hypothesis]:
    """The other way to round of a balance, where events can feed several."""
    program = ground.program
    fed = {
        entry.balance: activity.id
        for _, activity in program.activities
        if not _is_alone(activity)
        for entry in activity.entries
    }
    for name in (name for name in program.balances if name in fed):
        balance = program.balances[name]
        other = Rounding.DOWN if balance.round is Rounding.HALF_UP else Rounding.HALF_UP
        concerned = ground.with_activities(
            activity.id for _, activity in program.activities if name in activity.balances
        )
        yield Hypothesis(
            CauseKind.ROUNDING,
            f"balances/{name}/round",
            f"rounds `{name}` {_ROUNDED[other]}, not {_ROUNDED[balance.round]}",
            _with_rounding(name, other),
            concerned=concerned,
        )


def _with_rounding(name: str, rounding: Rounding) -> SettingChange:
    def setting(ours: Setting) -> Setting:
        balances = {**ours.program.balances, name: replace(ours.program.balances[name], round=rounding)}
        return replace(ours, program=replace(ours.program, balances=MappingProxyType(balances)))

    return setting


def _has_broken_amounts(activity: Activity, setting: Setting) -> bool:
    if not _is_alone(activity):
        return False
    points = activity.entries[0].points
    if isinstance(points, Assessed):
        return setting.version is not None or setting.assume is Assume.MID
    return any(need.worth for need in points.needs)


def _as_valued(ours: Setting) -> Setting:
    """Every activity whose events can carry what they come to gives the points that they carry."""
    whatever = Assessed(-_MOST, _MOST)
    return with_activities(
        ours,
        lambda activity: (
            replace(activity, eligible_if=None).with_entries(
                lambda entry: replace(entry, points=whatever, bonuses=(), split_among=None, condition=None)
            )
            if _is_alone(activity)
            else activity
        ),
    )


def _valued(ground: Ground, rounded: Rounded, chosen: tuple[Rounds, ...]) -> EventChange:
    """The events that are worth something, each with the points that it requests, where it can carry them."""
    timeline = ground.evaluator.interpreter.timeline
    by_id = {book.version.id: book.activities for book in timeline.books}

    def valued(member: Member, events: Sequence[Event]) -> Sequence[Event]:
        found = []
        for event, (entry, *_) in zip(events, ground.entries(member, events), strict=True):
            activity = by_id.get(entry.version or "", {}).get(event.activity)
            if activity is not None and not _is_alone(activity):
                found.append(event)
            elif activity is not None and entry.outcome.is_valued:
                rule = activity.entries[0]
                amount = _amount(ground, rule, event, entry)
                if Rounds.AMOUNTS in chosen and rule.split_among is not None:
                    amount = Fraction(rounded(amount))
                amount = _with_bonuses(amount, rule, event, entry)
                sharers = 1 if rule.split_among is None else event.attributes[rule.split_among]
                assert isinstance(sharers, int)
                last_of = Rounds.AMOUNTS if rule.split_among is None else Rounds.SHARES
                last = rounded if last_of in chosen else half_up
                found.append(event._replace(points=last(amount / sharers)))
        return found

    return valued


def _with_bonuses(amount: Fraction, rule: EntryRule, event: Event, entry: Entry) -> Fraction:
    bonuses = [rule.bonuses[place] for place in entry.bonuses]
    percent = sum(Fraction(bonus.percent_for(event.attributes) or 0) for bonus in bonuses)
    return amount * (100 + max(-100, percent)) / 100 + sum(Fraction(bonus.points) for bonus in bonuses)


def _amount(ground: Ground, rule: EntryRule, event: Event, entry: Entry) -> Fraction:
    """The points of an event before bonuses and sharing, not rounded yet."""
    points = rule.points
    if isinstance(points, Assessed) and entry.assumed and ground.setting.assume is Assume.MID:
        return Fraction(points.minimum + points.maximum) / 2
    if isinstance(points, Assessed) and not entry.assumed and event.points not in (None, entry.base):
        given = ground.evaluator.interpreter.timeline.given_under(event.local.date(), event.activity)
        then = None if given is None or given.assessed is None else given.assessed.points
        if isinstance(then, Assessed) and then.has_places:
            place = Fraction((event.points or 0) - then.minimum)
            spread, width = points.maximum - points.minimum, then.maximum - then.minimum
            return Fraction(points.minimum) + place * Fraction(spread) / Fraction(width)
    return Fraction(entry.base)
