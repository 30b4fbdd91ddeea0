"""Times of day as logs write them after a date.

>>> time_from("T14:05:30Z")
(datetime.timedelta(seconds=50700), datetime.timedelta(seconds=30), datetime.timedelta(0))
"""

from __future__ import annotations

import re
from datetime import timedelta

_TIME = re.compile(
    r"""[T\x20] ([0-9]{2}) : ([0-9]{2}) (?: : ([0-9]{2}) (?: \. ([0-9]{1,7}|[0-9]{6}0{2,3}) )? )?
    (?: \x20? (?: (Z|UTC|GMT) | ([+-]) ([0-9]{2}) (?: :? ([0-9]{2}) (?: :? ([0-9]{2}) )? )? (?: \x20UTC )? )
        (?: \[ [A-Za-z0-9_/+-]+ \] )? )?""",
    re.VERBOSE,
)
_HOURS, _SIXTY = 24, 60

TimeOfDay = tuple[timedelta, timedelta, timedelta | None]
"""How far the clock has gone from midnight to the full minute; from there on; and its offset from
UTC, None where the log means the program's time zone."""


class NoTimeError(ValueError):
    """A text that writes no time of day.

    Attributes:
        problem: What is wrong, empty where the text has another form.
    """

    def __init__(self, problem: str = "") -> None:
        self.problem = problem
        super().__init__(problem)


def time_from(text: str) -> TimeOfDay:
    """The time of day that follows a date, to the microsecond: the seventh digit of SQL Server is cut off.

    Nanoseconds other than 0 are not read, whether a text or a typed value has them.
    Databases and languages write it as `T14:05`, ` 14:05:00.5`, `T14:05Z`, ` 14:05:00+00`,
    ` 14:05:00.0000000 +01:00`, ` 14:05:00 UTC`, ` 14:05:00 +0000 UTC` or `T14:05+01:00[Europe/Brussels]`.

    Raises:
        NoTimeError: It is none.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise NoTimeError
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if (hour, minute, second) == (_HOURS, 0, 0):
        raise NoTimeError
    if hour >= _HOURS:
        raise NoTimeError("hours go from 00 to 23")
    if minute >= _SIXTY or second >= _SIXTY:
        raise NoTimeError(f"{'minutes' if minute >= _SIXTY else 'seconds'} go from 00 to 59")
    micro = int((match[4] or "").ljust(6, "0")[:6])
    to_minute, beyond = timedelta(hours=hour, minutes=minute), timedelta(seconds=second, microseconds=micro)
    if match[5]:
        return to_minute, beyond, timedelta()
    if not match[6]:
        return to_minute, beyond, None
    hours, minutes, seconds = int(match[7]), int(match[8] or 0), int(match[9] or 0)
    if hours >= _HOURS or minutes >= _SIXTY or seconds >= _SIXTY:
        raise NoTimeError("an offset from UTC goes up to 23:59")
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return to_minute, beyond, offset if match[6] == "+" else -offset
