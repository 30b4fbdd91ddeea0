"""Calendar dates as the rules write them."""

from __future__ import annotations

import calendar
import re
from datetime import date

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def date_from(text: str) -> date:
    """The date that `text` writes as YYYY-MM-DD.

    Raises:
        ValueError: It is none; the message says why, in words.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a date; write it as YYYY-MM-DD')
    year, month, day = (int(part) for part in match.groups())
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(
            f"{text} is not a date that rules can use: the year must lie in {_FIRST_YEAR} to {_LAST_YEAR}"
        )
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise ValueError(f"{text} is not a date: there is no month {month:02d}")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"{text} is not a date: {calendar.month_name[month]} {year} has {last} days")
    return date(year, month, day)
