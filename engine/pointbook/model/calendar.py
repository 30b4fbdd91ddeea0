"""How a program's time is counted: the anniversaries of a sign-up.

All functions take and return local dates. Source: docs/meaning.md, "Time".
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING

from pointbook.model.rules import LeapDay

if TYPE_CHECKING:
    from collections.abc import Callable

    LeapDayIn = Callable[[int], LeapDay]
    """The leap-day policy of a common year, asked by year."""


def anniversary(signed_up_on: date, number: int, leap_day_in: LeapDayIn) -> date:
    """The day on which membership year `number` ends and the next begins; 0 is the sign-up itself.

    Counted from the sign-up date itself, so that a 29 February comes back in every leap year.

    >>> anniversary(date(2020, 2, 29), 1, lambda year: LeapDay.MAR_1)
    datetime.date(2021, 3, 1)
    """
    year = signed_up_on.year + number
    if (signed_up_on.month, signed_up_on.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28) if leap_day_in(year) is LeapDay.FEB_28 else date(year, 3, 1)
    return signed_up_on.replace(year=year)
