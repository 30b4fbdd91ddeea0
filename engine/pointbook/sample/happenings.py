"""What one member does, in order of time: rows without mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pointbook.sample.people import SPELL_DAYS, SPELLS_A_YEAR, USUAL_INTENSITY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.sample.dice import Dice
    from pointbook.sample.menu import Menu, Offer, Shelf
    from pointbook.sample.people import Person

Row = tuple[str, ...]

_HOURS = (7, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 16)
_LATE_HOURS = (17, 17, 18, 19, 20, 20, 21, 22)
_MINUTES = tuple(f"T{hour:02d}:{minute:02d}:" for hour in (*_HOURS, *_LATE_HOURS) for minute in range(60))
_SECONDS = tuple(f"{second:02d}" for second in range(60))
_SATURDAY = 5
_WORKING_DAYS = 5
_DATE_ONLY_PER_MILLE = 40
_UTC_PER_MILLE = 80
_UNASSESSED_PER_MILLE = 15
_OVERSPENT_PER_MILLE = 60
_BURST_PER_MILLE = 250
_BURST_DAYS = 4


class Deed(NamedTuple):
    """Something a member does: the day (an ordinal), the version's menu on it, and the offer."""

    day: int
    menu: Menu
    offer: Offer


@dataclass(frozen=True, slots=True)
class Stage:
    """What all members' rows are made from.

    Attributes:
        menus: By time, without gaps.
        starts: What each balance begins with, by id.
        attributes: Cells for attributes.
        begins: First day of the program's first version, an ordinal.
    """

    menus: tuple[Menu, ...]
    starts: Mapping[str, int]
    attributes: int
    begins: int

    @property
    def last(self) -> int:
        """Last day of the sample, an ordinal."""
        return self.menus[-1].last

    def menu_on(self, day: int) -> Menu:
        """The menu of the version in force on `day`; the first one before that."""
        return next((menu for menu in reversed(self.menus) if menu.first <= day), self.menus[0])


def deeds_of(person: Person, count: int, stage: Stage, dice: Dice) -> Iterator[tuple[Deed, int | None]]:
    """What a member does, with assessed points where the rule asks for them and somebody gave them.

    Args:
        person: Who.
        count: How many deeds.
        stage: What there is to do.
        dice: The member's own.
    """
    even = _even_shares(person, count, stage)
    totals = dict(stage.starts)
    menus = iter(zip(stage.menus, even, strict=True))
    menu, even_per_mille = next(menus)
    before = person.starts
    again, repeats = "", 0
    for planned in _days(person, count, stage.last, dice):
        day = min(planned, before + dice.below(_BURST_DAYS)) if repeats else planned
        while day > menu.last:
            menu, even_per_mille = next(menus)
        offer = menu.offers.get(again) if repeats else None
        if offer is None:
            offer, points = _choice(menu, even_per_mille, totals, dice)
            again, repeats = "", 0
            if offer.repeats and dice.chance(_BURST_PER_MILLE):
                again, repeats = offer.activity, 1 + dice.below(offer.repeats + 1)
        else:
            points = offer.amounts[dice.low(len(offer.amounts))] if offer.amounts else offer.typical
            repeats -= 1
        totals[offer.balance] += points
        given = bool(offer.amounts) and not dice.chance(_UNASSESSED_PER_MILLE)
        before = day
        yield Deed(day, menu, offer), points if given else None


def row_of(event_id: str, member_id: str, deed: Deed, points: int | None, stage: Stage, dice: Dice, earliest: int) -> Row:
    """The deed as a row of the log; nothing in it lies before the day `earliest`."""
    day, menu, offer = deed
    cells = ("",) * stage.attributes
    if offer.attributes:
        values = list(cells)
        for column, choices in offer.attributes:
            values[column] = choices.text(day, dice)
        cells = tuple(values)
    # A moment in UTC may fall on a neighbouring local day, which must be of the same version.
    alone = max(earliest, menu.first) < day < menu.last
    return (
        event_id,
        member_id,
        offer.activity,
        _moment(day, dice, may_be_utc=alone),
        "" if points is None else str(points),
        *cells,
    )


@lru_cache(maxsize=10_000)
def day_text(day: int) -> str:
    """The day as the log writes it."""
    return date.fromordinal(day).isoformat()


def _moment(day: int, dice: Dice, *, may_be_utc: bool) -> str:
    roll = dice.below(1000)
    if roll < _DATE_ONLY_PER_MILLE:
        return day_text(day)
    moment = day_text(day) + _MINUTES[dice.below(len(_MINUTES))] + _SECONDS[dice.below(60)]
    return moment + "Z" if may_be_utc and roll < _DATE_ONLY_PER_MILLE + _UTC_PER_MILLE else moment


def _days(person: Person, count: int, last: int, dice: Dice) -> list[int]:
    """The days of a member's deeds, in order: more in busy spells, few at weekends."""
    starts = person.starts
    spells = tuple(accumulate(person.spells))
    days = []
    for _ in range(count):
        begins = starts + SPELL_DAYS * dice.weighted(spells)
        day = begins + dice.below(min(SPELL_DAYS, last - begins + 1))
        weekday = (day - 1) % 7  # 1 January of year 1, the ordinal 1, is a Monday
        if weekday >= _SATURDAY and dice.below(5):
            day = max(day - weekday + dice.below(_WORKING_DAYS), starts)
        days.append(day)
    days.sort()
    return days


def _even_shares(person: Person, count: int, stage: Stage) -> list[int]:
    """How often to choose evenly among cheap and dear offers, by menu, so that the pace is kept."""
    years = sum(person.spells)
    aim = 100 * person.pace * years // (SPELLS_A_YEAR * USUAL_INTENSITY * max(count, 1))
    return [menu.even_per_mille(aim) for menu in stage.menus]


def _choice(menu: Menu, even_per_mille: int, totals: Mapping[str, int], dice: Dice) -> tuple[Offer, int]:
    """An offer and its points."""
    shelf = menu.shelves[dice.weighted(menu.shares) if len(menu.shelves) > 1 else 0]
    if shelf.spending is not None and (shelf.earning is None or dice.chance(shelf.spending_per_mille)):
        spent = _purchase(shelf, totals, dice)
        if spent is not None:
            return spent
    assert shelf.earning is not None
    offer = shelf.earning.offer(dice, even_per_mille)
    return offer, offer.amounts[dice.low(len(offer.amounts))] if offer.amounts else offer.typical


def _purchase(shelf: Shelf, totals: Mapping[str, int], dice: Dice) -> tuple[Offer, int] | None:
    """Something spent, mostly within what the member has; None where they have too little."""
    assert shelf.spending is not None
    offer = shelf.spending.offer(dice, 0)
    amounts = offer.amounts or (offer.typical,)
    has = totals[shelf.balance]
    if shelf.earning is not None and not dice.chance(_OVERSPENT_PER_MILLE):
        amounts = tuple(amount for amount in amounts if has + amount >= 0)
    return (offer, amounts[dice.low(len(amounts))]) if amounts else None
