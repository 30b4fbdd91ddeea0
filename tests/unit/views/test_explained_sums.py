"""Sums by period and activity, what the end of the period brings, and names; each figure by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pointbook.loading import load_program
from pointbook.model.windows import Per, next_begin
from pointbook.views.explanation.names import names_of
from pointbook.views.explanation.unknown import which_it_means

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.views.explanation import Explanation

    Told = Callable[..., Explanation]


def test_each_period_has_its_activities_with_what_counted_and_what_did_not(told: Told) -> None:
    """Year 1: 70 of a review; 30 + 20 of two posts under 50 a week. Year 2: a visit of 40."""
    explanation = told(
        "e1,ann,review,2024-02-01,70",
        "e2,ann,review,2024-02-02",
        "e3,ann,post,2024-02-05",
        "e4,ann,post,2024-02-06",
        "e5,ann,post,2024-02-07",
        "e6,ann,visit,2025-02-01",
        "e7,ann,earned,2024-03-01",
    )
    periods = [
        (period.balance, period.period, period.begins, period.ends, period.total, period.events)
        for period in explanation.periods
    ]
    assert periods == [
        ("stars", 2, date(2025, 1, 10), date(2026, 1, 10), 40, 1),
        ("stars", 1, date(2024, 1, 10), date(2025, 1, 10), 120, 5),
        ("coins", 1, date(2024, 1, 10), None, 5, 1),
    ]
    first_year = {
        activity.activity: [
            (outcome.outcome.value, outcome.event_ids, outcome.requested, outcome.awarded)
            for outcome in activity.outcomes
        ]
        for activity in explanation.periods[1].activities
    }
    assert first_year == {
        "review": [("awarded", ("e1",), 70, 70), ("unvalued", ("e2",), 0, 0)],
        "post": [
            ("awarded", ("e3",), 30, 30),
            ("reduced", ("e4",), 30, 20),
            ("capped", ("e5",), 30, 0),
        ],
    }
    assert [activity.awarded for activity in explanation.periods[1].activities] == [70, 50]


def test_a_limit_says_when_it_begins_anew_only_as_long_as_it_is_used_up(told: Told) -> None:
    """Two posts on Monday the 5th use up 50 a week of the third; the next week begins on the 12th."""
    rows = [f"e{number},ann,post,2024-02-05" for number in (1, 2, 3)]

    def anew(as_of: date) -> list[date | None]:
        [activity] = told(*rows, as_of=as_of).periods[0].activities
        return [outcome.begins_anew for outcome in activity.unclear]

    assert anew(date(2024, 2, 11)) == [date(2024, 2, 12), date(2024, 2, 12)]
    assert anew(date(2024, 2, 12)) == [None, None]


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        (Per.DAY, date(2024, 2, 8)),
        (Per.WEEK, date(2024, 2, 12)),
        (Per.CALENDAR_MONTH, date(2024, 3, 1)),
        (Per.CALENDAR_QUARTER, date(2024, 4, 1)),
        (Per.CALENDAR_YEAR, date(2025, 1, 1)),
        (Per.MEMBERSHIP_YEAR, date(2025, 1, 10)),
        (Per.LIFETIME, None),
    ],
)
def test_the_next_window_of_a_wednesday_in_february(per: Per, expected: date | None) -> None:
    anniversary = date(2025, 1, 10)
    assert next_begin(per, date(2024, 2, 7), lambda day: 1 if day < anniversary else 2) == expected


def test_the_end_of_the_period_is_told_by_what_it_would_bring(told: Told) -> None:
    """100 points of year 1 reach bronze, which year 2 without points loses on 2026-01-10."""
    row = "e1,ann,talk,2024-02-01,,,,small"
    in_year_1, in_year_2 = (
        told(row, as_of=day).at_period_end for day in (date(2024, 2, 1), date(2025, 2, 1))
    )
    assert in_year_1 is not None
    assert (in_year_1.as_of, in_year_1.level) == (date(2025, 1, 10), "bronze")
    assert in_year_2 is not None
    assert (in_year_2.as_of, in_year_2.level) == (date(2026, 1, 10), None)


def test_a_level_that_an_event_brought_about_names_it(told: Told) -> None:
    levels = told("e1,ann,talk,2024-02-01,,,,small", as_of=date(2025, 1, 10)).levels
    assert [(item.change.cause.value, item.event_id) for item in levels] == [
        ("reached", "e1"),
        ("kept", None),
    ]


def test_events_before_the_sign_up_are_no_period(told: Told) -> None:
    periods = told("e1,ann,visit,2024-01-09", "e2,ann,visit,2024-01-10").periods
    assert [(period.period, period.begins, period.total) for period in periods] == [
        (1, date(2024, 1, 10), 40),
        (None, None, 0),
    ]


def test_where_two_titles_are_equal_the_ids_tell_them_apart(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "program.yaml").write_text(
        "id: x\ntitle: X\ntimezone: UTC\nlevel_balance: p\nbalances: {p: {resets: never}}\n", encoding="utf-8"
    )
    (tmp_path / "versions/a.yaml").write_text(
        "id: a\neffective_from: 2024-01-01\nsource: {document: x}\n"
        "levels: {low: {threshold: 5, title: Low}}\nlife_cycle: {demotion: to_earned, leap_day: feb_28}\n"
        "activities:\n  a: {title: Visit, points: 1}\n  b: {title: Visit, points: 2}\n"
        "  c: {title: Talk, points: 3}\n",
        encoding="utf-8",
    )
    names = names_of(load_program(tmp_path))
    assert {**names.activities} == {"a": "Visit (a)", "b": "Visit (b)", "c": "Talk"}
    assert (names.level("low"), names.level(None), names.activities["gone"]) == ("Low", "none", "gone")


@pytest.mark.parametrize(
    ("asked", "known", "told"),
    [
        ("m-001", ["m-0001", "m-1", "x"], "did you mean `m-0001` or `m-1`?"),
        ("m-001", ["m-0001", "m-0002", "m-0200"], "did you mean `m-0001`?"),
        ("m-34", ["m-0033", "m-0034", "m-0134"], "did you mean `m-0034` or `m-0134`?"),
        (
            "0017",
            ["17", "170", "18"],
            "did you mean `17`? `17` differs in zeros that a spreadsheet adds or drops",
        ),
        ("Ann ", ["ann", "anna"], "did you mean `ann`? `ann` differs in letter case and spaces"),
        (
            "1.23457E+15",
            ["a-1"],
            "it looks like a number that a spreadsheet shortened; export the column as text",
        ),
        ("nobody", ["m-1", "m-2"], "known: `m-1`, `m-2`"),
    ],
)
def test_an_unknown_id_gets_the_nearest_by_number_and_by_letters(
    asked: str, known: list[str], told: str
) -> None:
    assert which_it_means(asked, known) == told
