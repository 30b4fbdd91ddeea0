"""Times in the forms that log.yaml can name, written as ours are.

>>> in_our_form("3/4/2024 2:05 PM", TimeForm.DAY_FIRST)
'2024-04-03T14:05:00'
>>> in_our_form("1712140200", TimeForm.UNIX_SECONDS)
'2024-04-03T10:30:00Z'
>>> in_our_form("45385.4375", TimeForm.SPREADSHEET_DAYS)
'2024-04-03T10:30:00'
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from pointbook.log.typed.times import NoTimeError, time_from
from pointbook.model.exports import TimeForm
from pointbook.structure.date_text import DateError, date_from, spreadsheet_time

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

_TIME = r"""
    (?: (?: T | ,?[\x20\u00a0\u202f]+ ) (?P<hour>[0-9]{1,2}) (?: [:.](?P<minute>[0-9]{2})
        (?: [:.](?P<second>[0-9]{2}) (?: [.,](?P<fraction>[0-9]{1,6}) )? )? )?
        (?: [\x20\u00a0\u202f]? (?P<half>[AaPp]) \.?[Mm]\.? )?
        (?: \x20? (?P<offset> Z | UTC | GMT | [+-][0-9]{2}:?[0-9]{2} ) )? )?"""
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}}) ([-/.]) ([0-9]{{1,2}}) \2 ([0-9]{{4}}) {_TIME}", re.VERBOSE)
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}) ([-/.]) ([0-9]{{1,2}}) \2 ([0-9]{{1,2}}) {_TIME}", re.VERBOSE)
_GROUPS = {TimeForm.DAY_FIRST: (4, 3, 1), TimeForm.MONTH_FIRST: (4, 1, 3), TimeForm.YEAR_FIRST: (1, 3, 4)}
"""Which groups of a match are year, month and day."""
_SECONDS = re.compile(r"(-?[0-9]{9,10})(?:\.([0-9]{1,9}))?")
_MILLISECONDS = re.compile(r"(-?[0-9]{9,10})([0-9]{3})(?:\.0+)?")
_HALF_DAY, _MONTHS, _DATE_LENGTH = 12, 12, len("2024-04-03")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def in_our_form(text: str, form: TimeForm) -> str | None:
    """The day, or the time, that a text of that form means; None where it is not of that form."""
    text = text.strip()
    match form:
        case TimeForm.DAY_FIRST | TimeForm.MONTH_FIRST | TimeForm.YEAR_FIRST:
            return _named_day(text, form)
        case TimeForm.UNIX_SECONDS | TimeForm.UNIX_MILLISECONDS:
            pattern = _SECONDS if form is TimeForm.UNIX_SECONDS else _MILLISECONDS
            if (found := pattern.fullmatch(text)) is None:
                return None
            micros = int((found[2] or "").ljust(6, "0")[:6])
            moment = _EPOCH + timedelta(seconds=int(found[1]), microseconds=micros)
            return f"{moment.replace(tzinfo=None).isoformat()}Z"
        case TimeForm.SPREADSHEET_DAYS:
            time = spreadsheet_time(text)
            if time is None:
                return None
            return time.isoformat().removesuffix("T00:00:00")
    assert_never(form)


def _named_day(text: str, form: TimeForm) -> str | None:
    found = (_YEAR_FIRST if form is TimeForm.YEAR_FIRST else _YEAR_LAST).fullmatch(text)
    if found is None:
        return None
    year, month, day = _GROUPS[form]
    if int(found[month]) > _MONTHS:  # it is the other way round
        return None
    written = f"{found[year]}-{found[month]:0>2}-{found[day]:0>2}"
    if found["hour"] is None:
        return written
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if found["half"] in "Pp" else 0)
    elif found["minute"] is None:
        return None
    fraction = f".{found['fraction']}" if found["fraction"] else ""
    time = f"T{hour:02}:{found['minute'] or '00'}:{found['second'] or '00'}{fraction}{found['offset'] or ''}"
    return written + time


def with_offset(text: str, zone: ZoneInfo) -> str:
    """A local time, written as ours are, with the offset that the zone has then; all else stays as it is.

    One that occurs twice is the first of the two, and one that is skipped moves forward by the gap.
    Source: docs/meaning.md, "Time".
    """
    text = text.strip()
    try:
        day = date_from(text[:_DATE_LENGTH])
        minute, beyond, offset = time_from(text[_DATE_LENGTH:])
    except (DateError, NoTimeError):
        return text
    if offset is not None:
        return text
    local = datetime.combine(day, datetime.min.time(), zone) + minute + beyond
    return text + local.isoformat()[len(local.replace(tzinfo=None).isoformat()) :]


def day_in(text: str, zone: ZoneInfo) -> str:
    """The day on which a moment of a Unix time falls in a time zone; all else stays as it is."""
    if not text.endswith("Z"):
        return text
    day: date = datetime.fromisoformat(text).astimezone(zone).date()
    return day.isoformat()
