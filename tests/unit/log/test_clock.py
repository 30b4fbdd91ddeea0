from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointbook.log import Clock
from pointbook.source import files

BRUSSELS = Clock("Europe/Brussels")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_date_alone_is_local_midnight():
    assert BRUSSELS.moment("2024-03-13") == (at("2024-03-12 23:00"), at("2024-03-13 00:00"))


@pytest.mark.parametrize("text", ["2024-07-01T14:05", "2024-07-01 14:05:00", " 2024-07-01 14:05\t"])
def test_a_time_without_offset_is_in_the_programs_time_zone(text):
    assert BRUSSELS.moment(text) == (at("2024-07-01 12:05"), at("2024-07-01 14:05"))


@pytest.mark.parametrize(
    "text",
    ["2024-07-01T14:05Z", "2024-07-01 14:05:00Z", "2024-07-01T12:05-02:00", "2024-07-01T19:35:00+0530"],
)
def test_an_offset_tells_the_moment_whatever_the_time_zone(text):
    assert BRUSSELS.moment(text) == (at("2024-07-01 14:05"), at("2024-07-01 16:05"))


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-03 10:30:00+00",  # PostgreSQL and DuckDB
        "2024-04-03 12:30:00+02",
        "2024-04-03 10:30:00.000000+00",
        "2024-04-03 10:30:00 UTC",  # BigQuery, Rails
        "2024-04-03 10:30:00.000 UTC",
        "2024-04-03 10:30:00 GMT",
        "2024-04-03 12:30:00.0000000 +02:00",  # SQL Server's datetimeoffset
        "2024-04-03 12:30:00.0000000",  # SQL Server's datetime2, in the program's time zone
        "2024-04-03 12:30:00.000000",  # MySQL
        "2024-04-03T12:30:00.000+0200",  # Java, Spark
        "2024-04-03T12:30:00+02:00[Europe/Brussels]",
        "2024-04-03T10:30:00Z[UTC]",
        "2024-04-03 10:30:00 +0000 UTC",  # Go
        "2024-04-03 10:30:00.000 +0000",  # Snowflake
        "2024-04-03 10:30:00 Z",
        "2024-04-03T10:30:00.000000000Z",
        "2024-04-03 10:49:32+00:19:32",  # as Amsterdam had it
    ],
)
def test_times_are_read_as_databases_and_languages_write_them(text):
    assert BRUSSELS.moment(text) == (at("2024-04-03 10:30"), at("2024-04-03 12:30"))


def test_the_seventh_digit_of_a_second_is_cut_off():
    assert BRUSSELS.moment("2024-04-03 12:30:00.1234569")[0] == at("2024-04-03 10:30:00.123456")
    assert BRUSSELS.moment("2024-04-03 12:30:00.9999999Z")[0] == at("2024-04-03 12:30:00.999999")


def test_a_moment_near_midnight_falls_on_the_local_date():
    assert BRUSSELS.moment("2023-12-31T23:30:00Z") == (at("2023-12-31 23:30"), at("2024-01-01 00:30"))


@pytest.mark.parametrize(
    ("text", "microsecond"), [(".5", 500_000), (".05", 50_000), (".123456", 123_456), (".000001", 1)]
)
def test_seconds_may_have_up_to_six_digits_after_the_point(text, microsecond):
    _, local = BRUSSELS.moment(f"2024-03-13T14:05:07{text}")
    assert local == datetime(2024, 3, 13, 14, 5, 7, microsecond)  # noqa: DTZ001 - local times are naive


def test_a_local_time_that_occurs_twice_is_the_first_of_the_two():
    assert BRUSSELS.moment("2024-10-27T02:30") == (at("2024-10-27 00:30"), at("2024-10-27 02:30"))


def test_the_second_of_two_equal_local_times_is_reached_by_its_offset():
    moment, local = BRUSSELS.moment("2024-10-27T02:30+01:00")
    assert (moment, local, local.fold) == (at("2024-10-27 01:30"), at("2024-10-27 02:30"), 0)


def test_a_local_time_that_a_clock_change_skips_moves_forward_by_the_gap():
    assert BRUSSELS.moment("2024-03-31T02:30") == (at("2024-03-31 01:30"), at("2024-03-31 03:30"))


def test_a_skipped_midnight_moves_forward_by_the_gap():
    moment = Clock("America/Sao_Paulo").moment("2018-11-04")
    assert moment == (at("2018-11-04 03:00"), at("2018-11-04 01:00"))


def test_a_skipped_day_moves_forward_by_the_gap():
    moment = Clock("Pacific/Apia").moment("2011-12-30T12:00")
    assert moment == (at("2011-12-30 22:00"), at("2011-12-31 12:00"))


def test_the_hours_before_and_after_a_clock_change_have_their_own_offsets():
    assert BRUSSELS.moment("2024-03-31T01:59:59")[0] == at("2024-03-31 00:59:59")
    assert BRUSSELS.moment("2024-03-31T03:00:00")[0] == at("2024-03-31 01:00:00")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-02-30", "2024-02-30 is not a date: February 2024 has 29 days"),
        ("2023-02-29T10:00", "2023-02-29 is not a date: February 2023 has 28 days"),
        ("2024-13-05", "months go from 01 to 12; if the day was written first, write 2024-05-13"),
        ("2024-00-10", "months go from 01 to 12"),
        ("2024-01-00", "days go from 01"),
        ("13/03/2024", "write the day as 2024-03-13"),
        ("03/13/2024", "write the day as 2024-03-13"),
        ("13.03.2024 14:05", ": write 2024-03-13T14:05"),
        ("2024/03/13", "write the day as 2024-03-13"),
        ("2024-3-5", "write the day as 2024-03-05"),
        ("20240313", "write the day as 2024-03-13"),
        ("20240313T140500Z", ": write 2024-03-13T14:05:00Z"),
        (
            "03/04/2024",
            "it could be 2024-03-04 or 2024-04-03; write the one that is meant; or say",
        ),
        (
            "03/04/2024 10:00",
            "it could be 2024-03-04 or 2024-04-03; write the one that is meant, then the time",
        ),
        ("05/05/2024", "write the day as 2024-05-05"),
        ("13/03/24", "write the year with four digits"),
        ("13 March 2024 14.05", ": write 2024-03-13T14:05"),
        ("Mar 13, 2024 2:05:09 pm", ": write 2024-03-13T14:05:09, with the hour from 00 to 23"),
        ("Wed, 13 Mar 2024 10:00:00 GMT", ": write 2024-03-13T10:00:00Z"),
        ("45364", "it looks like a spreadsheet's day number, which would be 2024-03-13T00:00:00; format"),
        (
            "45364.5868",
            "it looks like a spreadsheet's day number, which would be 2024-03-13T14:05:00; format",
        ),
        ("1713000000", "it looks like a Unix time; write 2024-04-13T09:20:00Z"),
        ("1713000000123", "it looks like a Unix time; write 2024-04-13T09:20:00.123Z"),
        ("1713000000000001", "it looks like a Unix time; write 2024-04-13T09:20:00.000001Z"),
        ("2024-03-13T24:00", ": write 2024-03-14T00:00"),
        ("2024-12-31 24:00:00Z", ": write 2025-01-01T00:00:00Z"),
        ("2024-03-13T25:00", "hours go from 00 to 23"),
        ("2024-03-13T10:60", "minutes go from 00 to 59"),
        ("2024-03-13T10:00:60", "seconds go from 00 to 59"),
        ("2024-03-13T9:05", ": write 2024-03-13T09:05"),
        ("2024-03-13 02:05 PM", ": write 2024-03-13T14:05, with the hour from 00 to 23"),
        ("2024-03-13 12:05 a.m.", ": write 2024-03-13T00:05, with the hour from 00 to 23"),
        ("2024-03-13T10:00:00.123456789", ": write 2024-03-13T10:00:00.123456"),
        ("2024-03-13T10:00:00,5", ": write 2024-03-13T10:00:00.5"),
        ("2024-03-13t10:00", ": write 2024-03-13T10:00"),
        ("2024-03-13T10:00z", ": write 2024-03-13T10:00Z"),
        ("2024-03-13T10:00+1", ": write 2024-03-13T10:00+01:00"),
        ("2024-03-13T10:00 UTC+1", ": write 2024-03-13T10:00+01:00"),
        ("2024-03-13T10:00+24:00", "an offset from UTC goes up to 23:59"),
        (
            "2024-07-01T10:00:00 Europe/Brussels",
            ": write the offset that Europe/Brussels has then: 2024-07-01T10:00:00+02:00",
        ),
        ("2024-07-01T10:00[America/New_York]", "America/New_York has then: 2024-07-01T10:00-04:00"),
        (
            "2024-10-27 02:30 Europe/Brussels",
            "has then: 2024-10-27T02:30+02:00 or 2024-10-27T02:30+01:00",  # it occurs twice
        ),
        ("2024-03-31 02:30 Europe/Brussels", "Europe/Brussels has no such time, as clocks are changed then"),
        (
            "2024-03-13 10:00 CET",
            "`CET`; in the program's time zone, Europe/Brussels, it would be 2024-03-13T10:00+01:00",
        ),
        ("2024-03-13  10:00", ": write 2024-03-13T10:00"),
        ("NULL", "it stands for no value; leave the cell empty"),
        ("\\N", "it stands for no value; leave the cell empty"),
        ("NaT", "it stands for no value; leave the cell empty"),
        ("0000-00-00 00:00:00", "it stands for no value; leave the cell empty"),
        ("#VALUE!", "a spreadsheet's formula failed there"),
        ("1899-12-31", "years go from 1900 to 2999"),
        ("3000-01-01", "years go from 1900 to 2999"),
        ("2999-12-31T23:30Z", "falls into the year 3000 in the program's time zone"),
        ("yesterday", "write the date as YYYY-MM-DD, then `T`, the time as HH:MM:SS"),
        ("2024-03-13T", "write the date as YYYY-MM-DD, then `T`, the time as HH:MM:SS"),
        ("\u0662\u0660\u0662\u0664-03-13", "write the date as YYYY-MM-DD, then `T`, the time as HH:MM:SS"),
        ("", "'' is not a time"),
    ],
)
def test_what_is_no_time_is_refused_with_what_to_write(text, words):
    with pytest.raises(ValueError) as error:
        BRUSSELS.moment(text)
    assert words in str(error.value)


@pytest.mark.parametrize("text", ["9" * 1_000_000, "2024-03-13 " + " " * 1_000_000 + "x", "1-" * 500_000])
def test_a_text_of_a_million_characters_is_refused_at_once(text):
    with pytest.raises(ValueError, match="is not a time: write the date as YYYY-MM-DD"):
        BRUSSELS.moment(text)


def test_an_error_is_the_same_however_often_it_is_made():
    clock = Clock("Europe/Brussels")
    clock.moment("2024-03-13T10:00")
    messages = []
    for _ in range(2):
        with pytest.raises(ValueError) as error:
            clock.moment("2024-03-13T10:99")
        messages.append(str(error.value))
    assert messages == ["'2024-03-13T10:99' is not a time: minutes go from 00 to 59"] * 2


@pytest.mark.parametrize("name", ["Europe/Brüssel", "Mars/Olympus", "Europe", "", "leapseconds", "../zones"])
def test_an_unknown_time_zone_is_a_lookup_error(name):
    with pytest.raises(LookupError):
        Clock(name)


CLOCKS = {
    name: Clock(name)
    for name in (
        "Europe/Brussels",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
    )
}


def expected_moment(name: str, written: datetime) -> tuple[datetime, datetime]:
    """The plain way: local times, and times with an offset, through UTC and back."""
    with files.timezone_data(name) as data:
        zone = ZoneInfo.from_file(data, key=name)
    aware = written if written.tzinfo else written.replace(tzinfo=zone)
    moment = aware.astimezone(UTC)
    return moment.replace(tzinfo=None), moment.astimezone(zone).replace(tzinfo=None)


OFFSETS = (
    st.none() | st.just(UTC) | st.integers(-14 * 60, 14 * 60).map(lambda n: timezone(timedelta(minutes=n)))
)
SAFE = {"min_value": datetime(1900, 1, 3), "max_value": datetime(2999, 12, 29)}  # noqa: DTZ001 - written times


@given(
    name=st.sampled_from(sorted(CLOCKS)),
    written=st.datetimes(**SAFE, timezones=OFFSETS),
    separator=st.sampled_from("T "),
)
def test_the_clock_agrees_with_the_time_zone_on_every_time(name, written, separator):
    moment = CLOCKS[name].moment(written.isoformat(separator).replace("+00:00", "Z"))
    assert moment == expected_moment(name, written)


@pytest.mark.parametrize("name", sorted(CLOCKS))
def test_the_clock_agrees_with_the_time_zone_around_every_clock_change(name):
    with files.timezone_data(name) as data:
        zone = ZoneInfo.from_file(data, key=name)
    day = date(2011, 1, 1)
    while day < date(2014, 1, 1):
        for time in ("00:00", "00:20", "01:45", "02:15", "03:00", "12:00", "23:59:59"):
            for zone_or_utc, ending in ((zone, ""), (UTC, "Z")):
                moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone_or_utc).astimezone(UTC)
                assert CLOCKS[name].moment(f"{day}T{time}{ending}") == (
                    moment.replace(tzinfo=None),
                    moment.astimezone(zone).replace(tzinfo=None),
                )
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("Europe/Brussels", "2999-12-31T22:59:59Z", True),
        ("Europe/Brussels", "2999-12-31T23:00:00Z", False),
        ("America/St_Johns", "1900-01-01T03:00:00Z", False),
        ("America/St_Johns", "1900-01-01T12:00:00Z", True),
    ],
)
def test_the_local_date_must_lie_in_the_years_1900_to_2999(name, text, fits):
    if fits:
        assert CLOCKS[name].moment(text)
    else:
        with pytest.raises(ValueError, match="years go from 1900 to 2999"):
            CLOCKS[name].moment(text)


def test_a_day_without_a_change_of_clocks_has_one_distance_from_utc():
    hour = timedelta(hours=1)
    assert BRUSSELS.ahead_of_utc(date(2024, 3, 13)) == (hour, hour)
    assert BRUSSELS.ahead_of_utc(date(2024, 7, 1)) == (2 * hour, 2 * hour)
    assert BRUSSELS.ahead_of_utc(date(2024, 3, 31)) == (None, None)
    assert BRUSSELS.ahead_of_utc(date(1899, 12, 31)) == (None, None)
    assert BRUSSELS.ahead_of_utc(date(2999, 12, 31)) == (hour, None)  # its last hour is in the year 3000


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("Europe/Brussels", 2024),
        ("America/St_Johns", 2006),  # clocks go back over midnight
        ("Australia/Lord_Howe", 2024),  # by half an hour
        ("Pacific/Apia", 2011),  # a day is skipped
        ("Africa/Casablanca", 2024),  # there and back within a month
        ("America/Boa_Vista", 2000),  # there and back within a week, the shortest time of any zone
    ],
)
def test_a_day_has_one_offset_if_each_of_its_hours_has_it(name, year):
    with files.timezone_data(name) as data:
        zone = ZoneInfo.from_file(data, key=name)
    clock, changed = Clock(name), 0
    for number in range(365):
        midnight = datetime(year, 1, 1) + timedelta(days=number)  # noqa: DTZ001 - local times are naive
        hours = [midnight + timedelta(hours=hour) for hour in range(25)]
        locally = {zone.utcoffset(hour.replace(fold=fold)) for hour in hours for fold in (0, 1)}
        in_utc = {zone.fromutc(hour.replace(tzinfo=zone)).utcoffset() for hour in hours}
        expected = tuple(offsets.pop() if len(offsets) == 1 else None for offsets in (locally, in_utc))
        assert clock.ahead_of_utc(midnight.date()) == expected, midnight
        changed += expected[0] is None
    assert changed >= 2


@pytest.mark.parametrize("zone", ["", "Z", "+00:00", " UTC"])
def test_times_of_a_column_are_those_of_each_on_its_own(zone):
    texts = [
        *(
            f"2024-{month:02}-{day:02}T{hour}{zone}"
            for month in (3, 10)
            for day in (1, 30, 31)
            for hour in HOURS
        ),
        *(
            "2024-03-13",
            "2024-02-30T10:00:00",
            "2024-W10-3T10:00:00",
            "2024-03-13x10:00:00",
            "",
            "1899-12-31T10:00:00",
        ),
        *("2024-03-13T10:00:00Z", "2024-03-13T10:00:00", "2024-03-13 10:00:00", "2024-03-13T10:00:00.5"),
    ]
    alone = [outcome(text) for text in texts]
    for column in (texts, texts[::-1], [text for text in texts if "T10" in text] * 2):
        clock = Clock("Europe/Brussels")
        for _ in range(2):  # days that are read for the first time, and those that are known
            ats, locals_, none = clock.moments(column)
            found = [None if at in none else pair for at, pair in enumerate(zip(ats, locals_, strict=True))]
            assert found == [alone[texts.index(text)] for text in column]
    assert clock.moments([]) == ([], [], [])


HOURS = ("00:00:00", "02:30:00", "10:00:00", "23:59:59", "24:00:00", "23:59:60")


def outcome(text):
    try:
        return Clock("Europe/Brussels").moment(text)
    except ValueError:
        return None
