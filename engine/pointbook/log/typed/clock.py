"""When things happened: times of the log in UTC and in the program's time zone.

A million rows have few different days, minutes of the day, and endings of a time. So each is read
once and kept, and a row costs three look-ups and three additions; in a column of times to the second
that are written alike, on days that were read before, one look-up and one addition.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import count, repeat
from operator import add, sub
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pointbook.log.faults import quoted
from pointbook.log.typed.nothing import stands_for_nothing
from pointbook.log.typed.time_advice import time_advice, with_form
from pointbook.log.typed.times import NoTimeError, time_from
from pointbook.source import files
from pointbook.structure.date_text import DATE, FIRST_YEAR, LAST_YEAR, date_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DATE_LENGTH = len("2024-03-13")
_MINUTE_LENGTH = len("2024-03-13T14:05")
_MOST_ENDS = 100_000
_EDGES = (date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
_SECOND, _A_DAY = timedelta(seconds=1), timedelta(days=1)
_STEP = timedelta(days=7)
"""Clocks are not changed back and forth within it."""

_NO_MOMENT = datetime(1, 1, 1)  # noqa: DTZ001 - holds the place of one
_SECOND_LENGTH = len("2024-03-13T14:05:30")
_DIGITS = str.maketrans(dict.fromkeys("123456789", "0"))
_PLAIN_FORMS = {
    f"0000-00-00{between}00:00:00{zone}": bool(zone)
    for between in "T "
    for zone in ("", "Z", "+00:00", "+00", " UTC")
}
"""Times to the second, with their digits as zeros but for those of an offset, and whether they are in UTC."""

_Moment = tuple[datetime, datetime]
_Day = tuple[datetime, timedelta | None, timedelta | None, _Moment]
"""A day's midnight; how far ahead of UTC the time zone is on that local day, and on that day of UTC,
None where clocks are changed on it; and the first moment of the local day."""


class Clock:
    """Reads times in one time zone, by the rules that the tzdata package ships.

    A local time that occurs twice is the first of the two; one that a clock change skips moves
    forward by the gap. Source: docs/meaning.md, "Time".
    """

    def __init__(self, timezone: str) -> None:
        """A clock for the IANA time zone `timezone`.

        Raises:
            LookupError: There is no such time zone.
        """
        self._name, self._zone = timezone, zone_of(timezone)
        self._days: dict[str, _Day] = {}
        self._ahead_on: tuple[dict[str, timedelta], dict[str, timedelta]] = ({}, {})
        """How far it is ahead on these local days, and days of UTC, where that is known."""
        self._minutes: dict[str, timedelta] = {"": timedelta()}
        self._ends: dict[str, tuple[timedelta, timedelta | None]] = {"": (timedelta(), None)}

    def moment(self, text: str) -> tuple[datetime, datetime]:
        """The moment that `text` writes: a date (local midnight), or a date-time with or without offset.

        Returns:
            The moment in UTC and in the time zone, both without time zone information.

        Raises:
            ValueError: It is no valid time; the message says what to write instead.
        """
        try:
            midnight, ahead, ahead_of_utc_day, first_moment = self._days[text[:_DATE_LENGTH]]
            minute = self._minutes[text[_DATE_LENGTH:_MINUTE_LENGTH]]
            beyond, offset = self._ends[text[_MINUTE_LENGTH:]]
        except KeyError:  # read for the first time, or no time at all
            text = text.strip()
            midnight, ahead, ahead_of_utc_day, first_moment = self._day(text)
            minute, beyond, offset = self._time_of_day(text)
        if len(text) == _DATE_LENGTH:
            return first_moment
        written = midnight + minute + beyond
        if offset is None:
            return self._from_local(text, written) if ahead is None else (written - ahead, written)
        if offset or ahead_of_utc_day is None:
            return self._from_utc(text, written - offset)
        return written, written + ahead_of_utc_day

    def moments(self, texts: Sequence[str]) -> tuple[list[datetime], list[datetime], list[int]]:
        """The moments of a column's texts, in UTC and in the time zone; and the places of bad ones."""
        ats, locals_, others = self._plain_moments(texts)
        none = []
        for position in others:
            try:
                ats[position], locals_[position] = self.moment(texts[position])
            except ValueError:
                none.append(position)
        return ats, locals_, none

    def _plain_moments(self, texts: Sequence[str]) -> tuple[list[datetime], list[datetime], Sequence[int]]:
        """The same of the texts that are written as the first is, and the places of those that are not.

        They are read as `moment` reads them, but column by column, which takes a third of the time.
        """
        nothing = [_NO_MOMENT] * len(texts), [_NO_MOMENT] * len(texts), range(len(texts))
        if not texts:
            return nothing
        to_second, ends = [text[:_SECOND_LENGTH] for text in texts], [text[_SECOND_LENGTH:] for text in texts]
        form, end = to_second[0].translate(_DIGITS), ends[0]
        if form + end not in _PLAIN_FORMS:
            return nothing
        is_utc = _PLAIN_FORMS[form + end]
        aheads = list(map(self._ahead_on[is_utc].get, [text[:_DATE_LENGTH] for text in texts]))
        found = zip(count(), map(str.translate, to_second, repeat(_DIGITS)), ends, aheads, strict=False)
        others = [
            place for place, own, its_end, ahead in found if ahead is None or own != form or its_end != end
        ]
        for place in others:
            to_second[place], aheads[place] = _NO_MOMENT.isoformat(), timedelta()
        if f"{form[_DATE_LENGTH]}24:" in "\n".join(to_second):  # an hour that newer Pythons know
            return nothing
        try:
            written = list(map(datetime.fromisoformat, to_second))
        except ValueError:
            return nothing
        if is_utc:
            return written, list(map(add, written, aheads)), others
        return list(map(sub, written, aheads)), written, others

    def ahead_of_utc(self, day: date) -> tuple[timedelta | None, timedelta | None]:
        """How far the time zone is ahead of UTC all through a local day, and through that day of UTC.

        None where that cannot be said: clocks are changed on it, or it is out of range.
        """
        try:
            _, ahead, ahead_of_utc_day, _ = self._day(day.isoformat())
        except ValueError:
            return None, None
        return ahead, ahead_of_utc_day

    def _day(self, text: str) -> _Day:
        """The day that `text` begins with."""
        head = text[:_DATE_LENGTH]
        day = self._days.get(head)
        if day is None:
            try:
                midnight = datetime.combine(date_from(head), datetime.min.time())
                first_moment = self._from_local(text, midnight)
            except ValueError as error:
                has_form = DATE.match(text) and not stands_for_nothing(text)  # but there is no such day
                raise ValueError(str(error) if has_form else self._not_a_time(text)) from None
            # This midnight and the next, each of them twice where it is there twice or skipped: they differ
            # where clocks are changed, even if that skips the whole day. No zone has changed them back
            # within six days, so what lies between needs no look.
            ends = midnight, midnight + _A_DAY
            ahead = _only(self._ahead(end.replace(fold=fold)) for end in ends for fold in (0, 1))
            ahead_of_utc_day = _only(self._local(end) - end for end in ends)
            if midnight.date() in _EDGES:  # the local day may be out of range
                ahead_of_utc_day = None
            day = self._days[head] = (midnight, ahead, ahead_of_utc_day, first_moment)
            for known, found in zip(self._ahead_on, (ahead, ahead_of_utc_day), strict=True):
                if found is not None:
                    known[head] = found
        return day

    def _time_of_day(self, text: str) -> tuple[timedelta, timedelta, timedelta | None]:
        """The time of day that follows the date that `text` begins with."""
        if len(text) == _DATE_LENGTH:
            return timedelta(), timedelta(), None
        try:
            minute, beyond, offset = time_from(text[_DATE_LENGTH:])
        except NoTimeError as error:
            raise ValueError(self._not_a_time(text, error.problem)) from None
        self._minutes[text[_DATE_LENGTH:_MINUTE_LENGTH]] = minute
        if len(self._ends) < _MOST_ENDS:
            self._ends[text[_MINUTE_LENGTH:]] = beyond, offset
        return minute, beyond, offset

    def _not_a_time(self, text: str, problem: str = "") -> str:
        """What is wrong with `text`, and what to write."""
        return f"{quoted(text)} is not a time: {problem or _advice(text, self._name)}"

    def _ahead(self, local: datetime) -> timedelta:
        return self._zone.utcoffset(local) or timedelta()

    def _local(self, at: datetime) -> datetime:
        return self._zone.fromutc(at.replace(tzinfo=self._zone)).replace(tzinfo=None, fold=0)

    def _from_local(self, text: str, local: datetime) -> _Moment:
        # By PEP 495, fold 0 takes the first of two equal local times, and counts a skipped one as if
        # the clock had not been changed; the way back then lands after the gap.
        return self._from_utc(text, local - self._ahead(local))

    def _from_utc(self, text: str, at: datetime) -> _Moment:
        local = self._local(at)
        if not FIRST_YEAR <= local.year <= LAST_YEAR:
            where = f"the year {local.year} in the program's time zone"
            raise ValueError(f"{text} falls into {where}; years go from {FIRST_YEAR} to {LAST_YEAR}")
        return at, local


@lru_cache(maxsize=16)  # a service takes events one by one, and a clock knows the days it has read
def clock_in(timezone: str) -> Clock:
    """The clock for the IANA time zone `timezone`, the same one each time.

    Raises:
        LookupError: There is no such time zone.
    """
    return Clock(timezone)


@cache
def goes_back_over_midnight(timezone: str, first: date, last: date) -> bool:
    """Whether the local date steps back at any moment from the day `first` to the day `last`.

    So it was in St. John's until 2011, when clocks went back from 00:01 to 23:01, and a local day
    began twice.

    Raises:
        LookupError: There is no such time zone.
    """
    zone = zone_of(timezone)

    def ahead(moment: datetime) -> timedelta:
        return moment.astimezone(zone).utcoffset() or timedelta()

    moment = datetime.combine(max(first, date(2, 1, 1)), datetime.min.time(), UTC) - 2 * _STEP
    end = datetime.combine(min(last, date(9998, 12, 31)), datetime.min.time(), UTC) + 2 * _STEP
    while moment < end:
        before = ahead(moment)
        if ahead(moment + _STEP) < before:
            seconds = range(_STEP // _SECOND)
            gone = bisect_left(seconds, True, key=lambda second: ahead(moment + second * _SECOND) < before)
            change = moment + gone * _SECOND
            if change.astimezone(zone).date() < (change - _SECOND).astimezone(zone).date():
                return True
        moment += _STEP
    return False


def zone_of(timezone: str) -> ZoneInfo:
    """A time zone by its IANA name, as the tzdata package has it.

    Raises:
        LookupError: There is no such time zone.
    """
    try:
        with files.timezone_data(timezone) as data:
            return ZoneInfo.from_file(data, key=timezone)
    except ValueError as error:  # a file that lies among the zones, but is none
        raise LookupError(timezone) from error


def _only(values: Iterable[timedelta]) -> timedelta | None:
    """The value that all of them have, or None."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


@lru_cache(maxsize=10_000)  # whoever writes times in another form does so on many lines
def _advice(text: str, timezone: str) -> str:
    return stands_for_nothing(text) or with_form(time_advice(text, timezone, _offsets), text)


def _offsets(timezone: str, local: datetime) -> list[str]:
    """The offsets of a time zone at a local time; none where it skips that time, or is not known."""
    try:
        zone = zone_of(timezone)
    except LookupError:
        return []
    both = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    real = [
        moment for moment in both if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    ]
    return list(dict.fromkeys(moment.isoformat()[len(local.isoformat()) :] for moment in real))
