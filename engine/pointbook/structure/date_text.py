"""Dates as people write them in rules and logs, and what to type instead of other spellings.

>>> date_from("2024-02-29")
datetime.date(2024, 2, 29)
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

FIRST_YEAR = 1900
LAST_YEAR = 2999

DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

# Texts, because most runs need none of these patterns compiled.
_YEAR_FIRST = r"([0-9]{4})(?:([-/. ])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{2})([0-9]{2}))"
_YEAR_LAST = r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})"
_ADVICE = (
    (
        r"[0-9]{1,2}([-/. ])[0-9]{1,2}\1[0-9]{2}",
        "write the year with four digits, then month and day, as in 2024-03-13",
    ),
    (
        r"[2-7][0-9]{4}([.,][0-9]+)?",
        "it looks like a spreadsheet's day number; format that column as YYYY-MM-DD and save again",
    ),
    (
        r"[0-9]{10}([0-9]{3})?|[0-9]{10}\.[0-9]+",
        "it looks like a Unix timestamp; write it as 2024-03-13T13:05:00Z",
    ),
)
_BOTH_WAYS = 2
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class DateError(ValueError):
    """A text that writes no date.

    Attributes:
        problem: What is wrong, in words.
        advice: What to type instead; empty where only the writer can know.
        meant: The only day that can be meant, as it is to be written; empty where there is not just one.
    """

    def __init__(self, problem: str, advice: str = "", meant: str = "") -> None:
        self.problem = problem
        self.advice = advice
        self.meant = meant
        super().__init__(f"{problem}; {advice}" if advice else problem)


def date_from(text: str) -> date:
    """The date that `text` writes as YYYY-MM-DD.

    Raises:
        DateError: It is none, there is no such day, or its year is not one of 1900 to 2999.
    """
    match = DATE.fullmatch(text)
    if match is None:
        advice = date_advice(text) or "write it as YYYY-MM-DD"
        raise DateError(f'"{text}" is not a date', advice, date_meant(text))
    year, month, day = map(int, match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(f"{text} is out of range: years go from {FIRST_YEAR} to {LAST_YEAR}")
    if not 1 <= month <= len(_MONTHS):
        swapped = _existing(year, day, month)
        advice = f"if the day was written first, write {swapped}" if swapped else ""
        raise DateError(f"{text} is not a date: months go from 01 to 12", advice)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        what = f"{_MONTHS[month - 1]} {year} has {last} days" if day else "days go from 01"
        raise DateError(f"{text} is not a date: {what}")
    return date(year, month, day)


@lru_cache(maxsize=10_000)  # a file that writes dates in another form does so on every line
def date_advice(text: str) -> str:
    """What to write instead of `text`, where it looks like a date in another form; else empty.

    A day and month that could be either way round are never guessed.
    """
    days = _days_meant(text)
    if days is not None:
        if len(days) == _BOTH_WAYS:
            return f"it could be {days[0]} or {days[1]}; write the one that is meant"
        return f"write the day as {days[0]}" if days else ""
    return next((advice for pattern, advice in _ADVICE if re.fullmatch(pattern, text)), "")


def date_meant(text: str) -> str:
    """The only day that `text` can be in another form, as it is to be written; else empty.

    >>> date_meant("2025-2-9"), date_meant("2025/02/09"), date_meant("13.4.2025"), date_meant("03/04/2025")
    ('2025-02-09', '2025-02-09', '2025-04-13', '')
    """
    days = _days_meant(text)
    return days[0] if days is not None and len(days) == 1 else ""


def _days_meant(text: str) -> list[str] | None:
    """The days that a text can be, if it has day, month and year with a year of four digits; else None."""
    if match := re.fullmatch(_YEAR_FIRST, text):
        year, month, day = (int(part) for part in (match[1], match[3] or match[5], match[4] or match[6]))
        return [found] if (found := _existing(year, month, day)) else []
    if match := re.fullmatch(_YEAR_LAST, text):
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        return sorted({day for day in (_existing(year, one, other), _existing(year, other, one)) if day})
    return None


def _existing(year: int, month: int, day: int) -> str:
    """That day as it is to be written, empty where there is no such day."""
    try:
        return date(year, month, day).isoformat() if FIRST_YEAR <= year <= LAST_YEAR else ""
    except ValueError:
        return ""
