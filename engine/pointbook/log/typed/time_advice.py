"""What to write instead of a text that is no time: that very time, wherever it can be told.

>>> time_advice("3/13/2024 2:05 PM", "Europe/Brussels", lambda local: [])
'write 2024-03-13T14:05, with the hour from 00 to 23'
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pointbook.log.typed.time_forms import in_our_form
from pointbook.log.typed.times import NoTimeError, time_from
from pointbook.model.exports import TimeForm
from pointbook.structure.date_text import DATE, date_advice, date_from, spreadsheet_time, unix_time

if TYPE_CHECKING:
    from collections.abc import Callable

    Offsets = Callable[[str, datetime], list[str]]
    """The offsets that a time zone has at a local time, as `+01:00`: two where the time occurs twice, none
    where there is no such time zone or the time is skipped."""

_DATE_AND_TIME = re.compile(
    r"""(?: [A-Za-z]{3}, \s+ )?  # a day of the week, as in mails
    (?P<day> [0-9]{1,4} ([-/.]) [0-9]{1,2} \2 [0-9]{1,4} | [0-9]{8}
        | [0-9A-Za-z]+ [-\s./]+ [0-9A-Za-z]+,? [-\s./]+ [0-9]{4} )
    (?: (?: T | ,? \s+ ) (?P<time> .* ) )?""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_TIME = re.compile(
    r"""(?P<hour>[0-9]{1,2}) (?: [:.h] (?P<minute>[0-9]{2}) (?: [:.] (?P<second>[0-9]{2}) )? )?
    (?: [.,] (?P<fraction>[0-9]+) )? \s* (?P<half> [ap]\.?m\.? )? \s* (?P<zone> .* )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})?(\.[0-9]+)?(Z|[+-][0-9:]{2,6})?")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-][0-9]{1,2}(?::?[0-9]{2})?)", re.IGNORECASE)
_ZONE = re.compile(r"\(?\[?([A-Za-z]+(?:/[A-Za-z0-9_+-]+)*)\]?\)?")
_SAY = re.compile(r"; or say in log\.yaml `times: \{form: [a-z_]+\}`(?: or `[a-z_]+`)*")
_HALF_DAY, _DAY_HOURS, _LONGEST = 12, 24, 100
_FORMS = (
    "write the date as YYYY-MM-DD, then `T`, the time as HH:MM:SS, and its offset from UTC as +HH:MM or Z"
)


def with_form(advice: str, text: str) -> str:
    """Advice about a text of a log; with what log.yaml can say once for all texts of that form."""
    forms = [form for form in TimeForm if in_our_form(text, form) is not None]
    if not forms or (text.isdecimal() and not (unix_time(text) or spreadsheet_time(text))):
        return advice
    others = "".join(f" or `{form}`" for form in forms[1:])
    return f"{advice}; or say in log.yaml `times: {{form: {forms[0]}}}`{others}"


def without_form(advice: str) -> str:
    """The same for a file of which log.yaml has said it: of two forms in one column, neither can be said."""
    return _SAY.sub("", advice)


def time_advice(text: str, timezone: str, offsets: Offsets) -> str:
    """What to write instead of `text`, which is no time; it may be of any form.

    Args:
        text: What stands there, without spaces around it.
        timezone: The program's time zone.
        offsets: The offsets from UTC that a time zone has at a local time.
    """
    if moment := unix_time(text):
        return f"it looks like a Unix time; write {_iso(moment)}Z"
    if moment := spreadsheet_time(text):
        numbered = f"it looks like a spreadsheet's day number, which would be {_iso(moment)}"
        return f"{numbered}; format that column as YYYY-MM-DD hh:mm:ss and save again"
    match = _DATE_AND_TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        advice = date_advice(text.partition(" ")[0]) if len(text) <= _LONGEST else ""
        return f"{advice}, then the time of day" if advice else _FORMS
    day = match["day"]
    advice = "" if DATE.fullmatch(day) else date_advice(day)
    written = DATE.search(advice) if advice.startswith("write the day as") else DATE.fullmatch(day)
    if written is None:
        return f"{advice}, then the time of day" if advice and match["time"] else advice or _FORMS
    if not (match["time"] or "").strip():
        return advice or _FORMS
    return _with_time(date_from(written[0]), match["time"].strip(), bool(advice), timezone, offsets)


def _with_time(day: date, text: str, day_is_other: bool, timezone: str, offsets: Offsets) -> str:
    """What to write for a day and a time of day of another form."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        text = ":".join(filter(None, compact.groups()[:3])) + "".join(
            part or "" for part in compact.groups()[3:]
        )
    match = _TIME.fullmatch(text)
    hour = int(match["hour"]) if match else _DAY_HOURS + 1
    half = (match["half"] or "").lower() if match else ""
    if match is None or not (match["minute"] or half) or hour > (_HALF_DAY if half else _DAY_HOURS):
        return f"write the day as {day}, then the time of day as HH:MM:SS" if day_is_other else _FORMS
    if half:
        hour = hour % _HALF_DAY + (_HALF_DAY if half.startswith("p") else 0)
    minute, second, fraction = match["minute"] or "00", match["second"], match["fraction"]
    if hour == _DAY_HOURS:
        if int(minute) or int(second or 0):
            return "hours go from 00 to 23"
        day, hour = day + timedelta(days=1), 0
    time = f"{hour:02}:{minute}" + (f":{second}" if second else "") + (f".{fraction[:6]}" if fraction else "")
    try:
        time_from(f"T{time}")
    except NoTimeError as error:
        return error.problem or _FORMS
    return _with_zone(f"{day}T{time}", match["zone"].strip(), timezone, offsets) + (
        ", with the hour from 00 to 23" if half else ""
    )


def _with_zone(local: str, zone: str, timezone: str, offsets: Offsets) -> str:
    """What to write for a local time and a time zone of another form."""
    if not zone or zone.upper() in {"Z", "UTC", "GMT"}:
        return f"write {local}{'Z' if zone else ''}"
    if offset := _OFFSET.fullmatch(zone):
        digits = re.sub(r"[^0-9]", "", offset[1])
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("00") else (digits, "00")
        return f"write {local}{offset[1][0]}{hours:0>2}:{minutes}"
    named = _ZONE.fullmatch(zone)
    if named is None:
        return f"write {local}, with its offset from UTC as +HH:MM or Z after it"
    return _in_named_zone(local, named[1], timezone, offsets)


def _in_named_zone(local: str, name: str, timezone: str, offsets: Offsets) -> str:
    """What to write for a local time in a time zone; abbreviations may mean several."""
    moment = datetime.fromisoformat(f"{local[:16]}:00")
    if "/" in name and (known := offsets(name, moment)):
        written = " or ".join(local + offset for offset in known)
        return f"write the offset that {name} has then: {written}"
    if name == timezone:
        return f"{timezone} has no such time, as clocks are changed then; write its offset from UTC"
    own = " or ".join(local + offset for offset in offsets(timezone, moment))
    of_program = f"; in the program's time zone, {timezone}, it would be {own}" if own else ""
    return f"write its offset from UTC in place of `{name}`{of_program}"


def _iso(moment: datetime) -> str:
    micros = moment.microsecond
    return moment.isoformat(
        timespec="microseconds" if micros % 1000 else "milliseconds" if micros else "seconds"
    )
