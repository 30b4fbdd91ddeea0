"""Times of day as the log writes them after a date, and what to type instead of other spellings.

>>> time_from("T14:05:30Z")
(datetime.timedelta(seconds=50700), datetime.timedelta(seconds=30), datetime.timedelta(0))
"""

from __future__ import annotations

import re
from datetime import timedelta

_TIME = re.compile(
    r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))?"
)
_EXAMPLES = "write 2024-03-13, 2024-03-13T14:05, 2024-03-13 14:05:00 or 2024-03-13T13:05:00Z"
_HOURS, _SIXTY = 24, 60

_ADVICE = (
    (re.compile(r".*[0-9]\s*[ap]\.?m\.?", re.IGNORECASE), "write the hour from 00 to 23, without AM or PM"),
    (re.compile(r"[tT ]24:00(:00)?.*"), "24:00 is not a time of day; write 00:00 of the next day"),
    (re.compile(r"[tT ][0-9]:.*"), "write the hour with two digits, as in 09:05"),
    (re.compile(r"[T ][0-9:]{8}\.[0-9]{7,}.*"), "seconds have at most 6 digits after the point"),
    (re.compile(r"[T ][0-9:]{8},[0-9]+.*"), "write a point before fractions of a second"),
    (re.compile(r"(t[0-9:.]+.*|[T ][0-9:.]+z)"), "write `T` and `Z` as capital letters"),
    (re.compile(r"[T ][0-9:.]{5,15}[+-][0-9]{1,2}"), "write the offset with minutes, as in +01:00"),
    (re.compile(r"[T ][0-9:.]{5,15}\s+[+-][0-9]{2}:?[0-9]{2}"), "write the offset without a space before it"),
    (
        re.compile(r"[T ][0-9:.]{5,15}\s*\[?[A-Za-z]+(/[A-Za-z_]+)*\]?"),
        "write the time zone as an offset: +01:00 or Z",
    ),
    (re.compile(r"\s{2,}[0-9].*"), "write one space or `T` between date and time"),
)

TimeOfDay = tuple[timedelta, timedelta, timedelta | None]
"""How far the clock has gone from midnight to the full minute; from there on; and its offset from
UTC, None where the log means the program's time zone."""


def time_from(text: str) -> TimeOfDay:
    """The time of day that follows a date: `T14:05`, ` 14:05:00.5`, `T14:05Z`, `T14:05+01:00`.

    Raises:
        ValueError: It is none; says what to write.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(time_advice(text))
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour >= _HOURS:
        raise ValueError(_advice(text) or "hours go from 00 to 23")
    if minute >= _SIXTY or second >= _SIXTY:
        raise ValueError(f"{'minutes' if minute >= _SIXTY else 'seconds'} go from 00 to 59")
    micro = int((match[4] or "").ljust(6, "0"))
    to_minute, beyond = timedelta(hours=hour, minutes=minute), timedelta(seconds=second, microseconds=micro)
    if match[5]:
        return to_minute, beyond, timedelta()
    if not match[6]:
        return to_minute, beyond, None
    hours, minutes = int(match[7]), int(match[8])
    if hours >= _HOURS or minutes >= _SIXTY:
        raise ValueError("an offset from UTC goes up to 23:59")
    offset = timedelta(hours=hours, minutes=minutes)
    return to_minute, beyond, offset if match[6] == "+" else -offset


def time_advice(text: str) -> str:
    """What to write instead of `text`, which follows a date or stands in its place."""
    return _advice(text) or _EXAMPLES


def _advice(text: str) -> str:
    return next((advice for pattern, advice in _ADVICE if pattern.fullmatch(text)), "")
