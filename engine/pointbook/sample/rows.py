"""The sample as rows of text, header first, one member after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.attributes import MEMBER_PREFIX, AttributeType
from pointbook.model.log import MEMBER_COLUMNS, VALID_FROM
from pointbook.sample.dice import Dice
from pointbook.sample.happenings import Row, Stage, deeds_of, row_of
from pointbook.sample.menu import menus_from
from pointbook.sample.mistakes import MISTAKES, MistakeMaker, Slot
from pointbook.sample.people import SPELLS_A_YEAR, USUAL_INTENSITY, people_in
from pointbook.sample.values import choices_for, day_text, hints_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.program import Program
    from pointbook.sample.spec import SampleSpec

EVENTS_A_YEAR = 40
"""Events per member and year of usual activity, where the spec does not say how many."""

_EVENTS_FOR_EVERY_MISTAKE = 2000
_SPARE_MISTAKES = 4
_LEAST_DIGITS = 7
_ATTRIBUTES, _DEEDS, _SLOTS, _MISTAKES, _CHANGES = 2, 3, 4, 5, 6
_ONE_WHO_CHANGES = 4
"""One in so many, on one day each."""
_OTHER = {"true": "false", "false": "true", "": "true"}


def sample_members(program: Program, spec: SampleSpec, *, dated: bool = False) -> Iterator[Row]:
    """The members file: a header, then a row for each member by id.

    Where attributes are dated, some members have a second row, from which on what is true or false is not
    what it was before.
    """
    kinds = sorted(program.member_attributes.items())
    hints = hints_from(program)
    choices = [choices_for(f"{MEMBER_PREFIX}{name}", attribute.type, hints) for name, attribute in kinds]
    from_ever = ("",) if dated else ()
    yield (*MEMBER_COLUMNS, *((VALID_FROM,) if dated else ()), *(name for name, _ in kinds))
    dice, changes = Dice(spec.seed, _ATTRIBUTES), Dice(spec.seed, _CHANGES)
    last = spec.last_day.toordinal()
    for person in people_in(program, spec):
        own = person.member_id, day_text(person.signed_up)
        values = tuple([choice.text(person.signed_up, dice) for choice in choices])
        yield (*own, *from_ever, *values)
        if dated and person.signed_up < last and not changes.below(_ONE_WHO_CHANGES):
            day = person.signed_up + 1 + changes.below(last - person.signed_up)
            pairs = zip(kinds, values, strict=True)
            then = tuple(
                [_OTHER[text] if kind.type is AttributeType.BOOLEAN else text for (_, kind), text in pairs]
            )
            if then != values:
                yield (*own, day_text(day), *then)


def sample_events(program: Program, spec: SampleSpec) -> Iterator[Row]:
    """The events file: a header, then a row for each event, by member and time.

    Rows with mistakes stand among the others and are counted with them.

    Raises:
        ValueError: No version of the program is in force in the time of the sample.
    """
    names = sorted(program.event_attributes)
    menus = menus_from(program, spec, {name: column for column, name in enumerate(names)})
    stage = Stage(
        menus=menus,
        starts={balance.id: int(balance.start) for balance in program.balances.values()},
        empty=("",) * len(names),
        begins=program.versions[0].effective_from.toordinal(),
    )
    header = ("event_id", "member_id", "activity", "occurred_at", "points", *names)
    return _events(program, spec, stage, header)


def _events(program: Program, spec: SampleSpec, stage: Stage, header: Row) -> Iterator[Row]:
    yield header
    whole, events = _extent(program, spec)
    slots = _slots(events, spec)
    slot = next(slots, None)
    mistakes = MistakeMaker()
    dice, mistake_dice = Dice(spec.seed, _DEEDS), Dice(spec.seed, _MISTAKES)
    activities = frozenset(activity.id for _, activity in program.activities)
    width = max(len(str(events)), _LEAST_DIGITS)
    number = weight = 0
    before = None
    for person in people_in(program, spec):
        weight += person.weight
        count = weight * events // whole - number
        for deed in deeds_of(person, count, stage, dice):
            row = row_of(f"e-{number + 1:0{width}d}", person, deed, dice)
            if number == slot:
                slot = next(slots, None)
                yield mistakes.row(Slot(row, before, person, stage, activities, mistake_dice))
                before = None
            else:
                before = row
                yield row
            number += 1


def _extent(program: Program, spec: SampleSpec) -> tuple[int, int]:
    """The sum of all members' weights, and how many events there are."""
    whole = appetite = 0
    for person in people_in(program, spec):
        whole += person.weight
        appetite += person.appetite
    if spec.events is not None:
        return whole, spec.events
    usual = appetite * SPELLS_A_YEAR * USUAL_INTENSITY
    return whole, EVENTS_A_YEAR * spec.members * whole // usual


def _slots(events: int, spec: SampleSpec) -> Iterator[int]:
    """Numbers, from 0, of the rows with mistakes: one somewhere in each of so many equal stretches."""
    count = events * spec.mistakes // 1000
    if spec.mistakes and events >= _EVENTS_FOR_EVERY_MISTAKE:
        count = max(count, len(MISTAKES) + _SPARE_MISTAKES)
    dice = Dice(spec.seed, _SLOTS)
    for stretch in range(count):
        first = stretch * events // count
        yield first + dice.below((stretch + 1) * events // count - first)
