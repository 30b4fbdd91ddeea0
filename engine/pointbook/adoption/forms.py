"""The forms in which exports write times, and what proves them.

>>> form_of({"03/13/2024": 1, "04/05/2024": 1}).forms
(<TimeWriting.MONTH_FIRST: 'month_first'>,)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self, assert_never

from pointbook.log.typed.clock import clock_in
from pointbook.structure.date_text import spreadsheet_time, unix_time

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMERIC = re.compile(
    r"""([0-9]{1,2})([-/.\x20])([0-9]{1,2})\2([0-9]{4})
    (?: (?: ,?\s+|T ) ([0-9]{1,2}) [:.] ([0-9]{2}) (?: [:.] ([0-9]{2}) (?:[.,][0-9]+)? )?
        (?: \s*([ap])\.?m\.? )? )?
    \s* (?: Z|UTC|[+-][0-9]{2}:?[0-9]{2} )?""",
    re.VERBOSE | re.IGNORECASE,
)
_ZONED = re.compile(r"(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)$", re.IGNORECASE)
_MONTHS, _NOON, _TIME_BEGINS = 12, 12, 10
_PLAUSIBLE = range(1990, 2051)
_SECONDS_DIGITS, _MILLIS_DIGITS = 10, 13


class TimeWriting(StrEnum):
    """How a column of times is written.

    Attributes:
        words: What such times are.
    """

    words: str

    READ = "read", "times as we read them"
    DAY_FIRST = "day_first", "times with the day before the month"
    MONTH_FIRST = "month_first", "times with the month before the day"
    UNIX_SECONDS = "unix_seconds", "Unix times in seconds"
    UNIX_MILLISECONDS = "unix_milliseconds", "Unix times in milliseconds"
    SPREADSHEET_DAYS = "spreadsheet_days", "day numbers of a spreadsheet"

    def __new__(cls, value: str, words: str = "") -> Self:
        """The text with its words."""
        form = str.__new__(cls, value)
        form._value_, form.words = value, words
        return form


@dataclass(frozen=True, slots=True)
class FoundForm:
    """The form of a column's times.

    Attributes:
        forms: The form that fits most values; two where nothing tells which of them is meant.
        fitting: How many cells have it.
        proof: A value that proves it, empty where none is needed, or none does.
        others: Values that do not have it, the most frequent first.
        zoned: Cells that carry an offset from UTC, or need none.
        with_time: Cells with a time of day.
    """

    forms: tuple[TimeWriting, ...]
    fitting: int
    proof: str
    others: tuple[str, ...]
    zoned: int
    with_time: int


def form_of(counts: Mapping[str, int]) -> FoundForm:
    """The form that most cells have, by how often each text comes; no forms where none has any."""
    values = sorted(counts, key=lambda value: (-counts[value], value))
    reads = {form: {value for value in values if moment_in(form, value) is not None} for form in TimeWriting}
    weights = {form: sum(counts[value] for value in found) for form, found in reads.items()}
    best = max(TimeWriting, key=lambda form: weights[form])  # the first of several
    if not weights[best]:
        return FoundForm((), 0, "", tuple(values), 0, 0)
    forms: tuple[TimeWriting, ...] = (best,)
    proof = ""
    if best in {TimeWriting.DAY_FIRST, TimeWriting.MONTH_FIRST}:
        one, other = reads[TimeWriting.DAY_FIRST], reads[TimeWriting.MONTH_FIRST]
        if one == other:
            forms = (TimeWriting.DAY_FIRST, TimeWriting.MONTH_FIRST)
        else:
            proof = min(reads[best] - (other if best is TimeWriting.DAY_FIRST else one), default="")
    fitting = reads[best]
    return FoundForm(
        forms,
        weights[best],
        proof,
        tuple(value for value in values if value not in fitting),
        sum(counts[value] for value in fitting if _is_moment(best, value)),
        sum(counts[value] for value in fitting if _has_time(best, value)),
    )


def moment_in(form: TimeWriting, text: str) -> datetime | None:
    """The time that a text writes in this form, in whatever zone; None where it does not."""
    text = text.strip()
    match form:
        case TimeWriting.READ:
            try:
                return clock_in("UTC").moment(text)[0]
            except ValueError:
                return None
        case TimeWriting.DAY_FIRST | TimeWriting.MONTH_FIRST:
            return _numeric(text, day_first=form is TimeWriting.DAY_FIRST)
        case TimeWriting.UNIX_SECONDS | TimeWriting.UNIX_MILLISECONDS:
            digits = _SECONDS_DIGITS if form is TimeWriting.UNIX_SECONDS else _MILLIS_DIGITS
            whole, _, fraction = text.partition(".")
            fits = len(whole) == digits and (form is TimeWriting.UNIX_SECONDS or not fraction)
            return _plausible(unix_time(text)) if fits else None
        case TimeWriting.SPREADSHEET_DAYS:
            return _plausible(spreadsheet_time(text))
    assert_never(form)


def _plausible(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment.year in _PLAUSIBLE else None


def _numeric(text: str, *, day_first: bool) -> datetime | None:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    one, other, year = int(match[1]), int(match[3]), int(match[4])
    day, month = (one, other) if day_first else (other, one)
    hour = int(match[5] or 0)
    if match[8]:
        hour = hour % _NOON + (_NOON if match[8].lower() == "p" else 0)
    try:
        return datetime(year, month, day, hour, int(match[6] or 0), int(match[7] or 0))  # noqa: DTZ001 - whatever zone
    except ValueError:
        return None


def _is_moment(form: TimeWriting, text: str) -> bool:
    if form in {TimeWriting.UNIX_SECONDS, TimeWriting.UNIX_MILLISECONDS}:
        return True
    return bool(_has_time(form, text) and _ZONED.search(text.strip()[_TIME_BEGINS:]))


def _has_time(form: TimeWriting, text: str) -> bool:
    if form is TimeWriting.SPREADSHEET_DAYS:
        return "." in text or "," in text
    return form in {TimeWriting.UNIX_SECONDS, TimeWriting.UNIX_MILLISECONDS} or ":" in text
