"""A system that differs in one known thing: that thing is named first; without one, nothing is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import pytest
from planting import Files, against, columns_of, guild, shown_by

from pointbook.reconciliation.hypothesis import CauseKind
from pointbook.reconciliation.result import RowState, Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SECOND, PROGRAM = "versions/2023.yaml", "versions/2024.yaml", "program.yaml"
FIGURES = ("member_id", "points", "level", "coins")


def rules(*edits: tuple[str, str, str]) -> Callable[[Files], str]:
    """What a system with other rules shows."""

    def shown(files: Files) -> str:
        for file, old, new in edits:
            files = files.edited(file, old, new)
        return shown_by(files)

    return shown


def log(change: Callable[[list[str]], list[str]]) -> Callable[[Files], str]:
    """What a system with another log shows."""
    return lambda files: shown_by(files.with_events(change))


def own_amounts(activity: str, points: str, amount: Callable[[list[str]], int]) -> Callable[[Files], str]:
    """What a system shows that finds an activity's points itself: its log carries them."""

    def change(rows: list[str]) -> list[str]:
        found = []
        for row in rows:
            cells = row.split(",")
            if cells[2] == activity:
                cells[4] = str(amount(cells))
            found.append(",".join(cells))
        return found

    return lambda files: shown_by(files.edited(FIRST, points, "{range: [0, 100000]}").with_events(change))


def joined(change: Callable[[date], date]) -> Callable[[Files], str]:
    """What a system shows that has members sign up on other days."""

    def shown(files: Files) -> str:
        rows = [row.split(",") for row in files.members]
        members = [f"{name},{change(date.fromisoformat(day))},{partner}" for name, day, partner in rows]
        return shown_by(replace(files, members=members))

    return shown


def without(text: str) -> Callable[[list[str]], list[str]]:
    return lambda rows: [row for row in rows if text not in row]


def day_of(row: str) -> str:
    return row.split(",")[3][:10]


PLANTED: dict[str, tuple[Callable[[Files], str], CauseKind, str]] = {
    "a cap of an activity": (
        rules((FIRST, "{times: 2, per: calendar_month}, ", "")),
        CauseKind.CAP_NOT_APPLIED,
        "does not apply the cap of 2 times per calendar month of `visit`",
    ),
    "a cap of a group": (
        rules((FIRST, "points: 170", "points: 100000")),
        CauseKind.CAP_NOT_APPLIED,
        "does not apply the cap of 170 points per calendar month of the group `outdoors`",
    ),
    "all caps": (
        rules((FIRST, "points: 170", "points: 100000"), (FIRST, "{times: 2, per: calendar_month}, ", "")),
        CauseKind.CAP_NOT_APPLIED,
        "applies no caps at all",
    ),
    "one version always": (
        lambda files: shown_by(files, version="2024"),
        CauseKind.ANOTHER_VERSION,
        "takes version `2024` on all days",
    ),
    "a version ten days later": (
        rules((SECOND, "2024-06-15", "2024-06-25")),
        CauseKind.VERSION_DATE,
        "took version `2024` up on 2024-06-25, 10 days later",
    ),
    "UTC": (
        rules((PROGRAM, "Europe/Brussels", "UTC")),
        CauseKind.TIME_ZONE,
        "counts days in UTC, not in Europe/Brussels",
    ),
    "New York": (
        rules((PROGRAM, "Europe/Brussels", "America/New_York")),
        CauseKind.TIME_ZONE,
        "counts days in America/New_York, not in Europe/Brussels",
    ),
    "no events of an activity": (
        log(without(",swim,")),
        CauseKind.EVENTS_MISSING,
        "has no events of `swim`",
    ),
    "no events after a day": (
        log(lambda rows: [row for row in rows if day_of(row) <= "2025-01-20"]),
        CauseKind.EVENTS_MISSING,
        "has no events after 2025-01-",
    ),
    "no events before a day": (
        log(lambda rows: [row for row in rows if day_of(row) >= "2024-08-11"]),
        CauseKind.EVENTS_MISSING,
        "has no events before 2024-08-",
    ),
    "no events of some days": (
        log(lambda rows: [row for row in rows if not "2024-09-05" <= day_of(row) <= "2024-09-09"]),
        CauseKind.EVENTS_MISSING,
        "has no events from 2024-09-0",
    ),
    "every event of some days twice": (
        log(
            lambda rows: [*rows, *(f"x{row}" for row in rows if "2024-09-05" <= day_of(row) <= "2024-09-09")]
        ),
        CauseKind.EVENTS_TWICE,
        "has every event from 2024-09-0",
    ),
    "an activity twice": (
        log(lambda rows: [*rows, *(f"x{row}" for row in rows if ",kata," in row)]),
        CauseKind.EVENTS_TWICE,
        "has every event of `kata` twice",
    ),
    # 1.55 hours at 30 an hour are 46.5 points: 47 with us, 46 there.
    "amounts rounded down": (
        own_amounts(
            "course",
            "{per: {attribute: hours, points: 30}}",
            lambda cells: floor(30 * Decimal(cells[5])),
        ),
        CauseKind.ROUNDING,
        "rounds amounts down, not halves up",
    ),
    # 75 points for 2 are 37.5 each: 38 with us; 37 there. For 4 they are 18.75: 19 with us, 18 there.
    "shares rounded down": (
        own_amounts("project", "75\n    split_among: sharers", lambda cells: 75 // int(cells[6])),
        CauseKind.ROUNDING,
        "rounds shares down, not halves up",
    ),
    "no bonus": (
        rules((FIRST, "    bonuses: [{points: 15, if: {attribute: early, is: true}}]\n", "")),
        CauseKind.BONUS_NOT_APPLIED,
        "gives no bonus for `kata`",
    ),
    "no condition": (
        rules((FIRST, "    eligible_if: {attribute: member.partner, is: true}\n", "")),
        CauseKind.CONDITION_NOT_APPLIED,
        "does not ask the condition of `lecture`",
    ),
    "whole shares": (
        rules((FIRST, "    split_among: sharers\n", "")),
        CauseKind.SHARES_NOT_APPLIED,
        "gives the whole points of `project` to each who shares them",
    ),
    "calendar years": (
        rules((PROGRAM, "resets: membership_year", "resets: calendar_year")),
        CauseKind.RESET,
        "lets `stars` begin anew each 1 January",
    ),
    "years from the first of a month": (
        joined(lambda day: day.replace(day=1)),
        CauseKind.PERIOD_START,
        "begins membership years on the first of the month of the sign-up",
    ),
    "low values": (
        lambda files: shown_by(files, assume="low"),
        CauseKind.ASSUMED,
        "gives the least for assessed values that the log does not carry",
    ),
    "no floor": (
        rules((PROGRAM, ", floor: 0", "")),
        CauseKind.FLOOR,
        "lets `coins` fall below 0",
    ),
    "no start": (
        rules((PROGRAM, ", start: 10", "")),
        CauseKind.START,
        "lets `stars` begin with 0, not 10",
    ),
    "thresholds": (
        rules((SECOND, "levels:\n  silver: {threshold: 160}\n", "")),
        CauseKind.THRESHOLDS,
        "goes by the thresholds of version `2023` on all days",
    ),
    "demotion": (
        rules((FIRST, "to_earned", "one_level")),
        CauseKind.DEMOTION,
        "lets members fall by one level at a time",
    ),
    "the earned level": (
        lambda files: columns_of(shown_by(files), "member_id", "points", "earned_level", "coins").replace(
            "earned_level", "level"
        ),
        CauseKind.EARNED_LEVEL,
        "shows the level that the period's points alone reach, not the one held",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_cause_is_named_first(tmp_path: Path, name: str) -> None:
    shown, kind, words = PLANTED[name]
    files = guild(tmp_path)
    found = against(files, columns_of(shown(files), *FIGURES))

    assert found.in_state(RowState.DIFFERS), "the plant shows"
    first = found.causes[0]
    assert (first.kind, first.words.startswith(words)) == (kind, True), first.words
    assert first.is_likely
    assert first.broken == 0
    assert len(found.causes) == 1
    assert found.of_cause(None) == ()
    assert first.stakes.rows == len(found.in_state(RowState.DIFFERS))
    assert not found.passes


def test_without_a_difference_no_cause_is_named(tmp_path: Path) -> None:
    files = guild(tmp_path)
    found = against(files, shown_by(files))

    assert {row.state for row in found.rows} == {RowState.EQUAL}
    assert found.causes == ()
    assert found.passes
    assert found.as_of == date(2025, 3, 10)


def test_figures_that_nothing_explains_are_listed_and_no_cause_is_called_likely(tmp_path: Path) -> None:
    files = guild(tmp_path)
    header, *rows = columns_of(shown_by(files), "member_id", "points").splitlines()
    # No rule gives a multiple of 1,000 and a few.
    wrong = [f"{row.split(',')[0]},{777_000 + number}" for number, row in enumerate(rows[:4])]
    found = against(files, "\n".join([header, *wrong, *rows[4:]]) + "\n")

    assert found.causes == ()
    assert [row.member_id for row in found.of_cause(None)] == ["m00", "m01", "m02", "m03"]
    assert found.tried > 200


def test_one_event_that_makes_up_the_difference_is_possible_and_no_more(tmp_path: Path) -> None:
    files = guild(tmp_path)
    one = next(row for row in reversed(files.events) if ",badge," in row and ",m01," in row)
    found = against(files, columns_of(shown_by(files.with_events(without(one))), "member_id", "points"))

    (row,) = found.in_state(RowState.DIFFERS)
    assert row.member_id == "m01"
    assert not any(cause.is_likely for cause in found.causes)


def test_a_second_cause_is_found_with_those_who_have_the_first_one_too(tmp_path: Path) -> None:
    files = guild(tmp_path)
    shown = rules(
        (FIRST, "{times: 2, per: calendar_month}, ", ""),
        (FIRST, "    bonuses: [{points: 15, if: {attribute: early, is: true}}]\n", ""),
    )(files)
    found = against(files, columns_of(shown, *FIGURES))

    bonus, cap = (
        "gives no bonus for `kata`",
        "does not apply the cap of 2 times per calendar month of `visit`",
    )
    assert [cause.words for cause in found.causes] == [bonus, f"{bonus}, and {cap}"]
    assert found.causes[1].is_likely
    assert found.of_cause(None) == ()


def test_rows_that_we_reject_as_duplicates_and_that_system_counts(tmp_path: Path) -> None:
    files = guild(tmp_path)
    badges = [row for row in files.events if ",badge," in row][::3]
    theirs = files.with_events(lambda rows: [*rows, *(f"x{row}" for row in badges)])
    ours = files.with_events(lambda rows: [*rows, *badges])
    found = against(ours, columns_of(shown_by(theirs), *FIGURES))

    assert found.events_rejected == len(badges)
    assert found.causes[0].words == "counts rows again that come twice"
    assert found.of_cause(None) == ()


def test_figures_of_periods_are_held_against_the_end_of_each(tmp_path: Path) -> None:
    files = guild(tmp_path)
    # m00 signed up in 2023: the first period ended in 2024.
    joined = next(row for row in files.members if row.startswith("m00,")).split(",")[1]
    day = date.fromisoformat(joined)
    last = date(day.year + 1, day.month, day.day).toordinal() - 1
    first = columns_of(shown_by(files, as_of=date.fromordinal(last).isoformat()), "member_id", "points")
    points = next(row for row in first.splitlines() if row.startswith("m00,")).split(",")[1]
    found = against(files, f"member_id,period,points\nm00,1,{points}\nm00,{joined},{points}\nm00,9,0\n")

    assert [row.state for row in found.rows if row.member_id == "m00"] == [RowState.EQUAL] * 2
    (reject,) = found.rejects
    assert (reject.line, reject.column) == (4, "period")
    assert "after 2025-03-10" in reject.detail


def test_differences_within_the_tolerance_do_not_count_but_are_explained(tmp_path: Path) -> None:
    files = guild(tmp_path)
    shown = columns_of(PLANTED["amounts rounded down"][0](files), *FIGURES)
    loose = against(files, shown, Tolerance("10", 10, None))
    strict = against(files, shown, Tolerance("0.01%", None, Fraction(1, 100)))

    assert (loose.passes, strict.passes) == (True, False)
    within = loose.in_state(RowState.WITHIN_TOLERANCE)
    assert len(within) == len(strict.in_state(RowState.DIFFERS)) > 1
    assert {row.cause for row in within} == {0}
