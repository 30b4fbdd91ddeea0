"""Mistakes that real exports have: rows that a reader must refuse, or that count for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pointbook.model.attributes import AttributeType
from pointbook.sample.happenings import Row, cells_of, row_of
from pointbook.sample.values import day_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pointbook.sample.dice import Dice
    from pointbook.sample.happenings import Stage
    from pointbook.sample.menu import Menu
    from pointbook.sample.offers import Offer
    from pointbook.sample.people import Person

_FIRST_ATTRIBUTE = 5
"""Cells before the attributes: event_id, member_id, activity, occurred_at, points."""

T = TypeVar("T")
_DAY_LENGTH = 10
_WRONG_TYPE = {
    AttributeType.INTEGER: "two",
    AttributeType.DECIMAL: "a few",
    AttributeType.DATE: "next week",
    AttributeType.BOOLEAN: "perhaps",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """The place in the log where a mistake is to stand.

    Attributes:
        row: The row without mistakes that would stand there.
        before: The row before it, or None where that one has a mistake already.
        person: Whose row it is.
        stage: What rows are made from.
        activities: Every activity of any version.
        dice: The mistakes' own.
    """

    row: Row
    before: Row | None
    person: Person
    stage: Stage
    activities: frozenset[str]
    dice: Dice

    def row_for(self, day: int, menu: Menu, offer: Offer, points: int | None = None) -> Row:
        """Another row in its place."""
        if points is None and offer.amounts:
            points = offer.amounts[self.dice.low(len(offer.amounts))]
        cells = cells_of(offer, day, self.stage, self.dice)
        return row_of(self.row[0], self.person, (day, menu, offer, points, cells), self.dice)

    def one_of(self, choices: Iterable[tuple[Menu, T]]) -> tuple[int, Menu, T] | None:
        """A day of the member's, with the menu in force on it and one of the choices of that menu."""
        open_ones = [(menu, choice) for menu, choice in choices if menu.last >= self.person.starts]
        if not open_ones:
            return None
        menu, choice = open_ones[self.dice.below(len(open_ones))]
        first = max(menu.first, self.person.starts)
        return first + self.dice.below(menu.last - first + 1), menu, choice

    def offers(self, is_fit: Callable[[Offer], object]) -> list[tuple[Menu, Offer]]:
        """Every version's offers that are fit for the mistake."""
        menus = self.stage.menus
        return [(menu, offer) for menu in menus for offer in menu.offers.values() if is_fit(offer)]


def _with_cell(row: Row, position: int, text: str) -> Row:
    """The row with one cell replaced."""
    return (*row[:position], text, *row[position + 1 :])


def duplicate(slot: Slot) -> Row | None:
    """The row before, once more."""
    return slot.before


def conflicting_duplicate(slot: Slot) -> Row | None:
    """Another row under the event id of the row before."""
    if slot.before is None or slot.before[1:] == slot.row[1:]:
        return None
    return _with_cell(slot.row, 0, slot.before[0])


def unknown_member(slot: Slot) -> Row:
    """A mistyped member id."""
    member_id = slot.row[1]
    typos = (member_id.replace("-", ""), member_id + member_id[-1], member_id.replace("m-", "n-"))
    return _with_cell(slot.row, 1, typos[slot.dice.below(len(typos))])


def missing_member(slot: Slot) -> Row:
    """Nobody."""
    return _with_cell(slot.row, 1, "")


def missing_time(slot: Slot) -> Row:
    """At no time."""
    return _with_cell(slot.row, 3, "")


def impossible_date(slot: Slot) -> Row:
    """A day that no calendar has."""
    moment = slot.row[3]
    return _with_cell(slot.row, 3, f"{moment[:4]}-02-30{moment[_DAY_LENGTH:]}")


def date_in_another_format(slot: Slot) -> Row:
    """Day first, with slashes."""
    year, month, day = slot.row[3][:_DAY_LENGTH].split("-")
    return _with_cell(slot.row, 3, f"{day}/{month}/{year}")


def points_with_decimals(slot: Slot) -> Row:
    """As a spreadsheet with a column of decimals writes them."""
    return _with_cell(slot.row, 4, f"{slot.row[4] or '50'}.5")


def points_with_separator(slot: Slot) -> Row:
    """As a spreadsheet formats thousands."""
    return _with_cell(slot.row, 4, f"{1000 + abs(int(slot.row[4] or '250')):,}")


def points_outside_range(slot: Slot) -> Row | None:
    """Assessed points above or below what the version allows."""
    place = slot.one_of(slot.offers(lambda offer: offer.amounts))
    if place is None:
        return None
    lowest, highest = place[2].bounds
    return slot.row_for(*place, points=highest + 5 if slot.dice.below(2) else lowest - 5)


def misspelt_activity(slot: Slot) -> Row:
    """An activity with a letter too few, or doubled."""
    name = slot.row[2]
    at = slot.dice.below(len(name))
    shorter, longer = name[:at] + name[at + 1 :], name[: at + 1] + name[at:]
    typo = shorter if shorter and slot.dice.below(2) else longer
    while typo in slot.activities:
        typo += name[-1]
    return _with_cell(slot.row, 2, typo)


def before_sign_up(slot: Slot) -> Row | None:
    """Done before the member was one."""
    first, signed_up = slot.stage.menus[0].first, slot.person.signed_up
    if signed_up <= first:
        return None
    day = max(signed_up - 1 - slot.dice.below(30), first)
    menu = slot.stage.menu_on(day)
    offers = list(menu.offers.values())
    return slot.row_for(day, menu, offers[slot.dice.below(len(offers))])


def before_first_version(slot: Slot) -> Row | None:
    """Done before there were rules."""
    day = slot.stage.begins - 1 - slot.dice.below(60)
    return _with_cell(slot.row, 3, day_text(day)) if day > 0 else None


def missing_attribute(slot: Slot) -> Row | None:
    """Without a value that the rule needs."""
    # Who is not eligible is told so first.
    open_to_all = slot.offers(lambda offer: offer.needed and offer.open_to_all)
    place = slot.one_of(open_to_all) or slot.one_of(slot.offers(lambda offer: offer.needed))
    if place is None:
        return None
    return _with_cell(slot.row_for(*place), _FIRST_ATTRIBUTE + place[2].needed[0], "")


def attribute_of_wrong_type(slot: Slot) -> Row | None:
    """With words where the rules declare a number, a date, or yes and no."""
    place = slot.one_of(slot.offers(lambda offer: offer.typed))
    if place is None:
        return None
    column, kind = place[2].typed[0]
    return _with_cell(slot.row_for(*place), _FIRST_ATTRIBUTE + column, _WRONG_TYPE[kind])


def cell_too_many(slot: Slot) -> Row:
    """A remark behind the last column."""
    return (*slot.row, "entered by hand")


def activity_of_another_version(slot: Slot) -> Row | None:
    """Done when the version in force no longer has it, or does not have it yet."""
    place = slot.one_of((menu, name) for menu in slot.stage.menus for name in menu.absent)
    if place is None:
        return None
    day, _, name = place
    return (*slot.row[:2], name, day_text(day), *slot.row[4:])


MISTAKES: tuple[Callable[[Slot], Row | None], ...] = (
    duplicate,
    conflicting_duplicate,
    unknown_member,
    missing_member,
    missing_time,
    impossible_date,
    date_in_another_format,
    points_with_decimals,
    points_with_separator,
    points_outside_range,
    misspelt_activity,
    before_sign_up,
    before_first_version,
    missing_attribute,
    attribute_of_wrong_type,
    cell_too_many,
    activity_of_another_version,
)
"""Every kind of mistake; None from one of them means that the slot does not allow it."""


class MistakeMaker:
    """Makes each kind as often as the others, as far as the rules and the rows allow."""

    def __init__(self) -> None:
        self._made = [0] * len(MISTAKES)

    def row(self, slot: Slot) -> Row:
        """A row with the kind of mistake that was made least often and that the slot allows."""
        for made, index in sorted((made, index) for index, made in enumerate(self._made)):
            row = MISTAKES[index](slot)
            if row is not None:
                self._made[index] = made + 1
                return row
        raise AssertionError("a misspelt activity is always possible")
