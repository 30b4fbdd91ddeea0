from __future__ import annotations

import csv
import io
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pointbook.sample import default_spec, sample_events, sample_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pointbook.model.program import Program
    from pointbook.sample import SampleSpec

    RowsOf = Callable[[Program, SampleSpec], Iterator[tuple[str, ...]]]

GOLDEN = Path(__file__).parent / "golden"


def as_csv(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("rows", [sample_members, sample_events])
def test_the_same_seed_gives_the_same_rows(program: Program, rows: RowsOf) -> None:
    spec = default_spec(program, events=3000)
    assert list(rows(program, spec)) == list(rows(program, default_spec(program, events=3000)))


@pytest.mark.parametrize("rows", [sample_members, sample_events])
def test_another_seed_gives_other_rows(program: Program, rows: RowsOf) -> None:
    seeds = (1, -1, 2, 10**40)
    samples = {as_csv(rows(program, default_spec(program, seed=seed, events=300))) for seed in seeds}
    assert len(samples) == len(seeds)


@pytest.mark.parametrize("name", ["members", "events"])
def test_the_sample_is_the_one_kept_here(
    workshop: Program, name: str, golden: Callable[[Path, str], None]
) -> None:
    spec = default_spec(workshop, members=9, events=120, mistakes=150)
    rows = {"members": sample_members, "events": sample_events}[name]
    golden(GOLDEN / f"{name}.csv", as_csv(rows(workshop, spec)))


@pytest.mark.parametrize("events", [0, 1, 7, 1999, 2000, 5001])
@pytest.mark.parametrize("mistakes", [0, 10, 1000])
def test_there_are_exactly_as_many_events_as_asked_for(program: Program, events: int, mistakes: int) -> None:
    _, *rows = sample_events(program, default_spec(program, events=events, mistakes=mistakes))
    assert len(rows) == events


def test_events_come_to_about_forty_a_year_and_member_by_default(program: Program) -> None:
    _, *members = sample_members(program, default_spec(program))
    _, *events = sample_events(program, default_spec(program))
    last_day = default_spec(program).last_day
    years = sum((last_day - date.fromisoformat(row[1])).days for row in members) / 365
    assert 30 < len(events) / years < 55


def test_headers_name_the_attributes_in_order(workshop: Program) -> None:
    spec = default_spec(workshop, events=0)
    members, events = next(sample_members(workshop, spec)), next(sample_events(workshop, spec))
    assert ",".join(members) == "member_id,signed_up_on,company,joined_on,partner,staff"
    assert ",".join(events) == (
        "event_id,member_id,activity,occurred_at,points,"
        "announced_on,euros,first,grade,half_days,paid_on,place,remark,teachers"
    )


def test_every_row_has_a_text_in_every_column(program: Program) -> None:
    spec = default_spec(program, events=3000, mistakes=0)
    for rows in (sample_members(program, spec), sample_events(program, spec)):
        header = next(rows)
        assert all(len(row) == len(header) and {type(cell) for cell in row} == {str} for row in rows)


def test_event_ids_count_upwards(program: Program) -> None:
    _, *rows = sample_events(program, default_spec(program, events=1200, mistakes=0))
    assert [row[0] for row in rows] == [f"e-{number:07d}" for number in range(1, 1201)]


def test_member_ids_are_as_wide_as_their_number_needs(program: Program) -> None:
    _, *rows = sample_members(program, default_spec(program, members=12_000))
    assert (rows[0][0], rows[-1][0]) == ("m-00001", "m-12000")


def test_rows_come_member_by_member_and_day_by_day(program: Program) -> None:
    _, *rows = sample_events(program, default_spec(program, mistakes=0))
    owners = [member for member, _ in groupby(row[1] for row in rows)]
    assert owners == sorted(set(owners))
    for _, own in groupby(rows, key=lambda row: row[1]):
        days = [row[3][:10] for row in own]
        assert all(before <= after for before, after in pairwise(days))


def test_mistakes_stand_in_the_place_of_rows_and_move_no_others(shipped: Program) -> None:
    _, *good = sample_events(shipped, default_spec(shipped, events=5000, mistakes=0))
    _, *bad = sample_events(shipped, default_spec(shipped, events=5000, mistakes=20))
    assert sum(one != other for one, other in zip(good, bad, strict=True)) == 100


def test_some_members_sign_up_on_a_leap_day(program: Program) -> None:
    _, *rows = sample_members(program, default_spec(program, members=10))
    assert any(row[1] == "2024-02-29" for row in rows)


def test_nobody_signs_up_on_a_leap_day_outside_the_time_of_the_sample(shipped: Program) -> None:
    spec = default_spec(shipped, first_day=date(2024, 3, 1), last_day=date(2025, 3, 1))
    assert not [row for row in sample_members(shipped, spec) if row[1].endswith("02-29")]


def test_times_are_mostly_local_in_working_hours_some_in_utc_some_only_days(shipped: Program) -> None:
    _, *rows = sample_events(shipped, default_spec(shipped, events=10_000, mistakes=0))
    times = [row[3] for row in rows]
    assert 200 < sum(len(time) == 10 for time in times) < 600
    assert 400 < sum(time.endswith("Z") for time in times) < 1200
    weekends = sum(date.fromisoformat(time[:10]).weekday() >= 5 for time in times)
    assert 300 < weekends < 1000
    assert sum("08" <= time[11:13] < "18" for time in times) > 7000
