"""What caps count and in which windows, and the periods of balances: all there is to know about each.

A further window is a member of `Per` and a line of `WINDOWS`; besides, the schema lists its name, and
`relational/steps/calendar_expressions.py` says how an engine numbers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.model.amounts import Amount


class CapKind(StrEnum):
    """What a cap counts."""

    POINTS = "points"
    TIMES = "times"

    @property
    def nouns(self) -> tuple[str, str]:
        """What one of what it counts is called, and one of what it lets through."""
        match self:
            case CapKind.POINTS:
                return "point", "point"
            case CapKind.TIMES:
                return "time", "event"
        assert_never(self)

    def counted(self, count: Amount) -> str:
        """An amount of what it counts: "1 point", "3 times"."""
        return quantity(count, self.nouns[0])

    def let_through(self, count: Amount) -> str:
        """What caps of it leave: "2 points", "2 events"."""
        return quantity(count, self.nouns[1])


class Per(StrEnum):
    """The window in which a cap counts."""

    DAY = "day"
    WEEK = "week"
    CALENDAR_MONTH = "calendar_month"
    CALENDAR_QUARTER = "calendar_quarter"
    CALENDAR_YEAR = "calendar_year"
    MEMBERSHIP_YEAR = "membership_year"
    LIFETIME = "lifetime"

    @property
    def window(self) -> Window:
        """What there is to know about it."""
        return WINDOWS[self]


@dataclass(frozen=True, slots=True)
class Window:
    """What there is to know about a window.

    Attributes:
        words: After what is counted: "per calendar month".
        number: From a local date and the number of its membership year, a number that is the same for
            all days of one window, and different for different windows.
        usual_days: Length of most of them.
        most_days: Length of the longest; None where it never ends.
        months: How many calendar months it is made of, None where its borders are not those of months.
    """

    words: str
    number: Callable[[date, int], int]
    usual_days: int
    most_days: int | None
    months: int | None = None


WINDOWS: Mapping[Per, Window] = MappingProxyType(
    {
        Per.DAY: Window("per day", lambda day, _: day.toordinal(), 1, 1),
        Per.WEEK: Window("per week", lambda day, _: day.toordinal() - day.weekday(), 7, 7),
        Per.CALENDAR_MONTH: Window(
            "per calendar month", lambda day, _: day.year * 12 + day.month, 30, 31, months=1
        ),
        Per.CALENDAR_QUARTER: Window(
            "per calendar quarter", lambda day, _: day.year * 4 + (day.month + 2) // 3, 91, 92, months=3
        ),
        Per.CALENDAR_YEAR: Window("per calendar year", lambda day, _: day.year, 365, 366, months=12),
        Per.MEMBERSHIP_YEAR: Window("per membership year", lambda _, year: year, 365, 366),
        Per.LIFETIME: Window("in a lifetime", lambda _, __: 0, 100_000, None),
    }
)


def next_begin(per: Per, day: date, year_of: Callable[[date], int]) -> date | None:
    """The day on which the window after the one of `day` begins; None where there is none.

    Args:
        per: The kind of window.
        day: A local date.
        year_of: The number of the membership year of a local date.

    >>> next_begin(Per.WEEK, date(2024, 2, 11), lambda _: 1)
    datetime.date(2024, 2, 12)
    """
    window = per.window
    if window.most_days is None:
        return None
    here = window.number(day, year_of(day))
    later = (day + timedelta(days) for days in range(1, window.most_days + 1))
    return next(other for other in later if window.number(other, year_of(other)) != here)


def lies_inside(inner: Per, outer: Per) -> bool:
    """Whether every window of one kind lies wholly in one window of the other kind."""
    if inner is outer or inner is Per.DAY or outer is Per.LIFETIME:
        return True
    months, more = inner.window.months, outer.window.months
    return months is not None and more is not None and more % months == 0


def most_windows(per: Per, within: Per) -> int | None:
    """The most windows of the kind `per` that one window of the kind `within` can touch.

    1 where every window `within` lies inside one of `per`; None where there is no most, as in a
    lifetime. Elsewhere it follows from the lengths of the longest:

    - Calendar months make up a calendar quarter, of 92 days: 92 / 31, rounded up, are 3.
    - Weeks overlap its ends. A month of 31 days that begins on a Sunday has 30 more, and 30 / 7,
      rounded up, are 5 weeks: with that Sunday's 6.
    """
    if lies_inside(within, per):
        return 1
    one, all_days = per.window.most_days, within.window.most_days
    if all_days is None or one is None:
        return None
    return -(-all_days // one) if lies_inside(per, within) else 1 - (1 - all_days) // one


class Resets(StrEnum):
    """When a balance goes back to its start."""

    MEMBERSHIP_YEAR = "membership_year"
    CALENDAR_YEAR = "calendar_year"
    NEVER = "never"

    @property
    def per(self) -> Per:
        """The window that is one period of the balance."""
        match self:
            case Resets.MEMBERSHIP_YEAR:
                return Per.MEMBERSHIP_YEAR
            case Resets.CALENDAR_YEAR:
                return Per.CALENDAR_YEAR
            case Resets.NEVER:
                return Per.LIFETIME
        assert_never(self)

    @property
    def period(self) -> Callable[[date, int], int]:
        """The number of its period, from a local date and the number of its membership year."""
        return (
            (lambda _, __: 1) if self is Resets.NEVER else self.per.window.number
        )  # where there is only one, 1

    def bounds(
        self, number: int, signed_up_on: date, anniversary: Callable[[int], date]
    ) -> tuple[date, date | None]:
        """First day of a member's period `number`, and of the next one; None where there is only one.

        Args:
            number: Of the period.
            signed_up_on: The member's first day.
            anniversary: The member's anniversary of a number; 0 is the sign-up.
        """
        match self:
            case Resets.MEMBERSHIP_YEAR:
                return anniversary(number - 1), anniversary(number)
            case Resets.CALENDAR_YEAR:
                return max(signed_up_on, date(number, 1, 1)), date(number + 1, 1, 1)
            case Resets.NEVER:
                return signed_up_on, None
        assert_never(self)
