"""Dates as people write them in rules and logs, and what to type instead of other spellings.

>>> date_from("2024-02-29")
datetime.date(2024, 2, 29)
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

FIRST_YEAR = 1900
LAST_YEAR = 2999

DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

# Texts, because most runs need none of these patterns compiled.
_YEAR_FIRST = r"([0-9]{4})(?:([-/. ])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{2})([0-9]{2}))"
_YEAR_LAST = r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})"
_TWO_DIGITS = r"[0-9]{1,2}([-/. ])([0-9]{1,2}|[A-Za-z]{3,9})\1[0-9]{2}"
_MONTH_NAMED = r"([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]+([A-Za-z]{3,9})\.?,?[-/. ]+([0-9]{4})"
_NAMED_FIRST = r"([A-Za-z]{3,9})\.?[-/. ]+([0-9]{1,2})(?:st|nd|rd|th)?,?[-/. ]+([0-9]{4})"
_DAY_NUMBER = r"([2-7][0-9]{4})(?:[.,]([0-9]{1,15}))?"
_UNIX_TIME = r"([0-9]{10})(?:\.([0-9]{1,9})|([0-9]{3}|[0-9]{6}|[0-9]{9}))?"
_BOTH_WAYS = 2
AMBIGUOUS = "write the one that is meant"
"""What is advised where a day and a month could be either way round."""
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
            return f"it could be {days[0]} or {days[1]}; {AMBIGUOUS}"
        return f"write the day as {days[0]}" if days else ""
    if re.fullmatch(_TWO_DIGITS, text):
        return "write the year with four digits, then month and day: YYYY-MM-DD"
    if match := re.fullmatch(_MONTH_NAMED, text) or re.fullmatch(_NAMED_FIRST, text):
        first, second = (match[2], match[1]) if match[1].isdigit() else (match[1], match[2])
        found = _existing(int(match[3]), _month_called(first), int(second))
        return f"write the day as {found}" if found else ""
    return _advice_for_number(text)


def _advice_for_number(text: str) -> str:
    if day := spreadsheet_time(text):
        numbered = "it looks like a spreadsheet's day number"
        return f"{numbered}, which would be {day.date()}; format that column as YYYY-MM-DD and save again"
    if moment := unix_time(text):
        return f"it looks like a Unix time, on {moment.date()} in UTC; write the day that is meant"
    return ""


def spreadsheet_time(text: str) -> datetime | None:
    """The local time that a spreadsheet means by a day number, to the second; None for other texts."""
    match = re.fullmatch(_DAY_NUMBER, text)
    if match is None:
        return None
    fraction = Fraction(int(match[2]), 10 ** len(match[2])) if match[2] else Fraction(0)
    seconds = round((int(match[1]) + fraction) * 24 * 60 * 60)
    return datetime(1899, 12, 30) + timedelta(seconds=seconds)  # noqa: DTZ001 - spreadsheets know no zone


def unix_time(text: str) -> datetime | None:
    """The moment in UTC that a Unix time means, in seconds or parts of them; None for other texts."""
    match = re.fullmatch(_UNIX_TIME, text)
    if match is None:
        return None
    micros = int((match[2] or match[3] or "").ljust(6, "0")[:6])
    return datetime(1970, 1, 1) + timedelta(seconds=int(match[1]), microseconds=micros)  # noqa: DTZ001 - UTC


def _month_called(name: str) -> int:
    """The month's number that an English name or its first letters mean, 0 for none."""
    found = [number for number, month in enumerate(_MONTHS, 1) if month.lower().startswith(name.lower())]
    return found[0] if len(found) == 1 else 0


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
