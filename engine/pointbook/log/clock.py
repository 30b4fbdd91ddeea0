"""When things happened: times of the log in UTC and in the program's time zone.

A million rows have few different days and times of day. So each is read once and kept, and a row
costs two look-ups and two additions.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pointbook.log.dates import DATE, FIRST_YEAR, LAST_YEAR, date_advice, date_from
from pointbook.log.quoting import quoted
from pointbook.log.times import TimeOfDay, time_advice, time_from
from pointbook.source import files

_DATE_LENGTH = len("2024-03-13")
_MOST_TIMES = 200_000
"""Times of day that are kept: all whole seconds of a day, in two spellings, fit in."""


_Moment = tuple[datetime, datetime]
_Day = tuple[datetime, timedelta | None, _Moment]
"""A local day: its midnight on the wall clock; how far ahead of UTC it is, None where clocks are
changed on it; and its first moment, as `Clock.moment` gives it."""


class Clock:
    """Reads times in one time zone, by the rules that the tzdata package ships.

    A local time that occurs twice is the first of the two; one that a clock change skips moves
    forward by the gap. Source: DESIGN, section 3, "Time".
    """

    def __init__(self, timezone: str) -> None:
        """A clock for the IANA time zone `timezone`.

        Raises:
            LookupError: There is no such time zone.
        """
        try:
            with files.timezone_data(timezone) as data:
                self._zone = ZoneInfo.from_file(data, key=timezone)
        except ValueError as error:  # a file that lies among the zones, but is none
            raise LookupError(timezone) from error
        self._days: dict[str, _Day] = {}
        self._times: dict[str, TimeOfDay] = {"": (timedelta(), None)}

    def moment(self, text: str) -> tuple[datetime, datetime]:
        """The moment that `text` writes: a date (local midnight), or a date-time with or without offset.

        Returns:
            The moment in UTC and in the time zone, both without time zone information.

        Raises:
            ValueError: It is no valid time; the message says what to write instead.
        """
        rest = text[_DATE_LENGTH:]
        try:
            midnight, steady, moment = self._days[text[:_DATE_LENGTH]]
            since_midnight, offset = self._times[rest]
        except KeyError:  # read for the first time, or no time at all
            text = text.strip()
            rest = text[_DATE_LENGTH:]
            (midnight, steady, moment), (since_midnight, offset) = self._parsed(text)
        if not rest:
            return moment
        local = midnight + since_midnight
        if offset is not None:
            return self._from_utc(text, local - offset)
        if steady is not None:
            return local - steady, local
        return self._from_local(text, local)

    def _parsed(self, text: str) -> tuple[_Day, TimeOfDay]:
        head, rest = text[:_DATE_LENGTH], text[_DATE_LENGTH:]
        day = self._days.get(head)
        if day is None:
            try:
                day = self._days[head] = self._day(head)
            except ValueError as error:
                raise ValueError(_not_a_time(text, str(error))) from None
        time = self._times.get(rest)
        if time is None:
            try:
                time = time_from(rest)
            except ValueError as error:
                raise ValueError(f"{quoted(text)} is not a time: {error}") from None
            if len(self._times) < _MOST_TIMES:
                self._times[rest] = time
        return day, time

    def _day(self, text: str) -> _Day:
        midnight = datetime.combine(date_from(text), datetime.min.time())
        # Both folds of every hour, the next midnight included: they differ where an hour is skipped
        # or repeated, even if the whole day is.
        hours = (midnight + timedelta(hours=hour) for hour in range(25))
        offsets = {self._offset(hour.replace(fold=fold)) for hour in hours for fold in (0, 1)}
        steady = offsets.pop() if len(offsets) == 1 else None
        return midnight, steady, self._from_local(text, midnight)

    def _offset(self, local: datetime) -> timedelta:
        return self._zone.utcoffset(local) or timedelta()

    def _from_local(self, text: str, local: datetime) -> _Moment:
        # By PEP 495, fold 0 takes the first of two equal local times, and counts a skipped one as if
        # the clock had not been changed; the way back then lands after the gap.
        return self._from_utc(text, local - self._offset(local))

    def _from_utc(self, text: str, at: datetime) -> _Moment:
        local = self._zone.fromutc(at.replace(tzinfo=self._zone)).replace(tzinfo=None, fold=0)
        if not FIRST_YEAR <= local.year <= LAST_YEAR:
            where = f"the year {local.year} in the program's time zone"
            raise ValueError(f"{text} falls into {where}; years go from {FIRST_YEAR} to {LAST_YEAR}")
        return at, local


def _not_a_time(text: str, problem: str) -> str:
    """What is wrong with `text`, whose first ten characters are no date for the reason `problem`."""
    words = text.replace("T", " ").split()
    if words and (advice := date_advice(words[0])):
        more = ", then the time of day" if len(words) > 1 else ""
        return f"{quoted(text)} is not a time: {advice}{more}"
    if advice := date_advice(text):
        return f"{quoted(text)} is not a time: {advice}"
    if DATE.match(text):  # the form is right, but there is no such day
        return problem
    return f"{quoted(text)} is not a time: {time_advice('')}"
