"""What is shown of a member beside what we have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, assert_never

from pointbook.log.faults import quoted
from pointbook.log.typed.values import date_from
from pointbook.model.rules import anniversary
from pointbook.model.windows import Resets
from pointbook.structure.date_text import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.log import Event, Member
    from pointbook.model.rules import LeapDayIn
    from pointbook.reconciliation.published import Figures, PublishedRow

_A_DAY = timedelta(days=1)
_LONGEST_NUMBER = 4


@dataclass(frozen=True)
class Case:
    """A row of the other system, and ours.

    Attributes:
        number: Its place among all cases, from 0.
        row: What is shown.
        member: Whose it is.
        events: The member's events, in order.
        day: At whose end the figures are.
        ours: Our figures.
    """

    number: int
    row: PublishedRow
    member: Member
    events: Sequence[Event]
    day: date
    ours: Figures

    @property
    def published(self) -> Mapping[str, int | str | None]:
        """What is shown."""
        return self.row.figures

    @cached_property
    def is_equal(self) -> bool:
        """Whether all that is shown is what we have."""
        return self.shows(self.ours)

    def shows(self, figures: Figures) -> bool:
        """Whether all that is shown is in `figures`."""
        return all(figures.get(name, "") == value for name, value in self.published.items())

    def is_as_ours(self, figures: Figures) -> bool:
        """Whether `figures` are ours in all that is shown."""
        return all(figures.get(name) == self.ours.get(name) for name in self.published)

    @cached_property
    def activities(self) -> frozenset[str]:
        """What the member did, as the log says it."""
        return frozenset(event.activity for event in self.events)


def last_day_of(text: str, member: Member, resets: Resets, leap_day_in: LeapDayIn, as_of: date) -> date:
    """The last day of a period of a member that counts.

    Args:
        text: The number of the period, or its first day.
        member: Whose it is.
        resets: When the balance's periods end.
        leap_day_in: Where 29 February falls in a common year.
        as_of: The last day that counts.

    Raises:
        ValueError: It is no period of the member that has begun; the message says what would be one.
    """
    number = _number_from(text, member, resets, leap_day_in)
    first = following = member.signed_up_on
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            first, following = (anniversary(first, number + more, leap_day_in) for more in (-1, 0))
        case Resets.CALENDAR_YEAR:
            first, following = max(first, date(number, 1, 1)), date(number + 1, 1, 1)
        case Resets.NEVER:
            following = date.max
        case _:
            assert_never(resets)
    if first > as_of:
        raise ValueError(f"that period begins on {first}, after {as_of}, the last day that counts")
    return min(as_of, following - _A_DAY)


def _number_from(text: str, member: Member, resets: Resets, leap_day_in: LeapDayIn) -> int:
    """The number of the period that `text` means."""
    joined = member.signed_up_on
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        number = int(text)
        least = joined.year if resets is Resets.CALENDAR_YEAR else 1
        most = {Resets.NEVER: 1, Resets.CALENDAR_YEAR: LAST_YEAR - 1}.get(resets, LAST_YEAR - joined.year)
        if least <= number <= most:
            return number
        raise ValueError(f"there is no period {number} of a member who signed up on {joined}")
    try:
        day = date_from(text)
    except ValueError:
        message = f"{quoted(text)} is neither the number of a period nor its first day, as YYYY-MM-DD"
        raise ValueError(message) from None
    found, hint = _beginning_on(day, joined, resets, leap_day_in)
    if found is None:
        raise ValueError(f"no period of the member begins on {day}: {hint}")
    return found


def _beginning_on(day: date, joined: date, resets: Resets, leap_day_in: LeapDayIn) -> tuple[int | None, str]:
    """The number of the period that begins on a day, None where none does; and when they begin."""
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            number = day.year - joined.year + 1
            begins = number > 0 and anniversary(joined, number - 1, leap_day_in) == day
            return number if begins else None, f"periods begin on the anniversaries of {joined}"
        case Resets.CALENDAR_YEAR:
            begins = day == joined or ((day.month, day.day) == (1, 1) and day.year >= joined.year)
            return day.year if begins else None, f"periods begin on 1 January, the first one on {joined}"
        case Resets.NEVER:
            return 1 if day == joined else None, f"the only period begins on {joined}"
    assert_never(resets)
