"""What one member does, in order of time: rows without mistakes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

from pointbook.model.points.rates import steps_in
from pointbook.sample.people import SPELL_DAYS, SPELLS_A_YEAR, USUAL_INTENSITY
from pointbook.sample.values import day_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.sample.dice import Dice
    from pointbook.sample.menu import Menu
    from pointbook.sample.offers import Offer
    from pointbook.sample.people import Person

Row = tuple[str, ...]

Deed = tuple[int, "Menu", "Offer", int | None, Row]
"""The day (an ordinal), the menu of the version in force on it, the offer, the points assessed, and the cells
of all attributes."""

_HOURS = (7, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 16)
_LATE_HOURS = (17, 17, 18, 19, 20, 20, 21, 22)
_TIMES = tuple(
    f"T{hour:02d}:{minute:02d}:{(37 * minute + 11 * number) % 60:02d}"
    for number, hour in enumerate((*_HOURS, *_LATE_HOURS))
    for minute in range(60)
)
_SATURDAY = 5
_WORKING_DAYS = 5
_BURST_DAYS = 4
_BURST_PER_MILLE = 150
_IMPATIENT_PER_MILLE = 100
_OVERSPENT_PER_MILLE = 60
_MOST_TRIES = 8
"""How often the attributes of a spend are drawn until what it takes is there."""

# One draw of 53 bits settles several things, because this runs for every row: a roll of ten bits, out
# of 1024, and what is left; or, for the choice of an amount, two fine fractions of 16 bits.
_ROLL_BITS, _REST_BITS, _FINE_BITS = 10, 43, 16
_ROLL = (1 << _ROLL_BITS) - 1
_FINE = (1 << _FINE_BITS) - 1
_DATE_ONLY, _UTC = 40, 120
_UNASSESSED = 15
_OVERSPENT = 60
_WEEKEND = 200


@dataclass(frozen=True, slots=True)
class Stage:
    """What all members' rows are made from.

    Attributes:
        menus: By time, without gaps.
        starts: What each balance begins with, by id.
        empty: The cells of all attributes, empty.
        begins: First day of the program's first version, an ordinal.
    """

    menus: tuple[Menu, ...]
    starts: Mapping[str, int]
    empty: Row
    begins: int

    @property
    def last(self) -> int:
        """Last day of the sample, an ordinal."""
        return self.menus[-1].last

    def menu_on(self, day: int) -> Menu:
        """The menu of the version in force on `day`; the first one before that."""
        return next((menu for menu in reversed(self.menus) if menu.first <= day), self.menus[0])


def deeds_of(person: Person, count: int, stage: Stage, dice: Dice) -> Iterator[Deed]:
    """`count` things that a member does, by day."""
    totals = dict(stage.starts)
    rested: dict[str, int] = {}
    menus = zip(stage.menus, _even_shares(person, count, stage), strict=True)
    menu, even = next(menus)
    before = person.starts
    again, repeats = "", 0
    for planned in _days(person, count, stage.last, dice):
        day = min(planned, before + dice.below(_BURST_DAYS)) if repeats else planned
        while day > menu.last:
            menu, even = next(menus)
        offer = menu.offers.get(again) if repeats else None
        if offer is not None:
            repeats -= 1
        else:
            offer = _choice(menu, even, totals, dice)
            if (
                offer.rest_days
                and day < rested.get(offer.activity, 0)
                and not dice.chance(_IMPATIENT_PER_MILLE)
            ):
                offer = _choice(menu, even, totals, dice)
            again, repeats = offer.activity, 0
            if offer.repeats and dice.chance(_BURST_PER_MILLE):
                repeats = 1 + dice.below(offer.repeats + 1)
        if offer.rest_days:
            rested[offer.activity] = day + offer.rest_days
        if not offer.amounts:
            points, is_given = offer.typical, False
        else:
            bits = dice.bits()
            points = _assessed(offer, totals[offer.balance], bits >> _ROLL_BITS)
            is_given = bits & _ROLL >= _UNASSESSED
        cells = cells_of(offer, day, stage, dice)
        if offer.shares:
            assessed = points if offer.amounts else None
            cells = _affordable(offer, cells, assessed, totals, day, stage, dice)
            for balance, change in offer.changes(cells, assessed).items():
                totals[balance] += change
        else:
            totals[offer.balance] += points
        yield day, menu, offer, points if is_given else None, cells
        before = day


def cells_of(offer: Offer, day: int, stage: Stage, dice: Dice) -> Row:
    """The cells of all attributes for an event of that day."""
    if not offer.attributes:
        return stage.empty
    values = list(stage.empty)
    for column, choices in offer.attributes:
        values[column] = choices.text(day, dice)
    return tuple(values)


def row_of(event_id: str, person: Person, deed: Deed, dice: Dice) -> Row:
    """The deed as a row of the log."""
    day, menu, offer, points, cells = deed
    if points is not None and offer.counted is not None and cells[offer.counted]:
        points = ceil(points * steps_in(Decimal(cells[offer.counted]), offer.every))
    bits = dice.bits()
    roll = bits & _ROLL
    moment = day_text(day)
    if roll >= _DATE_ONLY:
        moment += _TIMES[(bits >> _ROLL_BITS) * len(_TIMES) >> _REST_BITS]
        # A moment in UTC may fall on a neighbouring local day, which must be of the same version.
        if roll < _UTC and max(person.signed_up, menu.first) < day < menu.last:
            moment += "Z"
    return (event_id, person.member_id, offer.activity, moment, "" if points is None else str(points), *cells)


def _days(person: Person, count: int, last: int, dice: Dice) -> list[int]:
    """The days of a member's deeds, in order: more in busy spells, few at weekends."""
    starts = person.starts
    spells = tuple(accumulate(person.spells))
    whole = spells[-1]
    days = []
    for _ in range(count):
        bits = dice.bits()
        begins = starts + SPELL_DAYS * bisect_right(spells, (bits >> _ROLL_BITS) * whole >> _REST_BITS)
        roll = bits & _ROLL
        day = begins + roll * min(SPELL_DAYS, last - begins + 1) // (_ROLL + 1)
        weekday = (day - 1) % 7  # 1 January of year 1, the ordinal 1, is a Monday
        if weekday >= _SATURDAY and (roll := dice.bits() & _ROLL) >= _WEEKEND:
            day = max(day - weekday + roll % _WORKING_DAYS, starts)
        days.append(day)
    days.sort()
    return days


def _even_shares(person: Person, count: int, stage: Stage) -> list[int]:
    """How often to choose evenly among cheap and dear offers, by menu, so that the pace is kept."""
    activity = sum(person.spells)
    aim = 100 * person.pace * activity // (SPELLS_A_YEAR * USUAL_INTENSITY * max(count, 1))
    return [menu.even_share(aim) for menu in stage.menus]


def _choice(menu: Menu, even: int, totals: Mapping[str, int], dice: Dice) -> Offer:
    """What is done next: mostly something earned."""
    bits = dice.bits()
    shelf = menu.shelves[(bits & _ROLL) * len(menu.shelves) >> _ROLL_BITS]
    earning = shelf.earning
    if earning is None or (shelf.spending is not None and dice.chance(shelf.spending_per_mille)):
        assert shelf.spending is not None
        offer = shelf.spending.offer(bits >> _ROLL_BITS, 0)
        if totals[shelf.balance] + offer.smallest >= 0:
            return offer
        if earning is None:
            # What is only taken there is given by events that are chosen by another balance.
            earning = menu.shelves[-1].earning if offer.shares else None
        if earning is None or dice.chance(_OVERSPENT_PER_MILLE):
            return offer
    return earning.offer(bits >> _ROLL_BITS, even)


def _affordable(  # noqa: PLR0913, PLR0917 - all that a spend depends on
    offer: Offer,
    cells: Row,
    points: int | None,
    totals: Mapping[str, int],
    day: int,
    stage: Stage,
    dice: Dice,
) -> Row:
    """Cells with which what the event takes is mostly there: drawn again where it is not."""
    if dice.chance(_OVERSPENT_PER_MILLE):
        return cells
    for _ in range(_MOST_TRIES):
        changes = offer.changes(cells, points)
        if all(totals[balance] + change >= 0 for balance, change in changes.items() if change < 0):
            break
        cells = cells_of(offer, day, stage, dice)
    return cells


def _assessed(offer: Offer, total: int, bits: int) -> int:
    """Points for an offer, small ones more often; what is spent mostly stays within the total."""
    amounts = offer.amounts
    if offer.is_taken and bits & _ROLL >= _OVERSPENT:
        sign = -1 if offer.shares else 1
        amounts = tuple(amount for amount in amounts if total + sign * amount >= 0) or amounts[:1]
    index = (bits >> _ROLL_BITS & _FINE) * len(amounts) >> _FINE_BITS
    return amounts[(bits >> _ROLL_BITS + _FINE_BITS & _FINE) * (index + 1) >> _FINE_BITS]
