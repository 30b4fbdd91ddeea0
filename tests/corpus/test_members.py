"""Exports of members: what `adopt` takes their columns for, and what its drafts come to."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from corpus_reading import EXPORTS
from corpus_truth import MEMBERS
from this_process import run_here

from pointbook.adoption import adopted

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = "bigquery.csv"
# By file: the columns, the form of days, and what the others are.
FOUND = {
    "members-discourse.csv": ("member_id=username signed_up_on=created_at", "None", "id=ignore title=ignore"),
    "members-excel-de.csv": (
        "member_id=Mitgliedsnummer signed_up_on=Beitrittsdatum",
        "day_first",
        "Vorname=ignore",
    ),
    "members-google-sheets.csv": (
        "member_id=Member_ID signed_up_on=Joined",
        "month_first",
        "Email=ignore",
    ),
    "members-mysql-batch.tsv": ("member_id=login signed_up_on=registered", "None", ""),
    "members-pandas.csv": ("member_id=user_id signed_up_on=signup_date", "None", ""),
    "members-postgres-days.csv": ("member_id=id signed_up_on=joined", "None", ""),
    "members-postgres.csv": ("member_id=id signed_up_on=created_at", "None", ""),
}
OF_WHICH_DAY = "write the day without its time: 2023-01-15 (which day it is depends on the time zone)"
REJECTED = {
    "members-discourse.csv": f"'2023-01-15 09:30:00 UTC' is not a date: {OF_WHICH_DAY}",
    "members-postgres.csv": f"'2023-01-15 09:30:00+00' is not a date: {OF_WHICH_DAY}",
}
DAYS_NEEDED = (
    "'created_at' has times of day, where a day is asked for: export the day alone, as it was in the program's"
    " time zone."
)


def named(pairs: object) -> str:
    return " ".join(f"{one}={other.replace(' ', '_')}" for one, other in pairs)


def test_every_export_of_members_is_looked_at() -> None:
    assert {path.name for path in EXPORTS.glob("members-*")} == {*FOUND}


@pytest.mark.parametrize("file", FOUND)
def test_each_column_is_taken_for_what_it_is(file: str) -> None:
    sheet = adopted(EXPORTS / EVENTS, EXPORTS / file).members
    assert sheet is not None
    assert (
        named((role, guess.column.name) for role, guess in sheet.guesses.items()),
        " ".join(map(str, sheet.guesses["signed_up_on"].column.times.forms)),
        named((one.column.name, one.use) for one in sheet.further),
    ) == FOUND[file]


@pytest.mark.parametrize("file", FOUND)
def test_the_drafts_read_every_member_or_say_what_is_asked_for(file: str, tmp_path: Path) -> None:
    for name in (EVENTS, file):
        shutil.copy(EXPORTS / name, tmp_path / name)
    code, out, err = run_here(
        ["adopt", EVENTS, "--members", file, "--out", "club", "--draft-rules"], tmp_path
    )
    assert (code, err) == (0, b"")
    assert (DAYS_NEEDED in " ".join(out.decode().split())) is (file in REJECTED)
    evaluate = out.decode().rstrip().rpartition("\n")[2].split()
    code, out, err = run_here([*evaluate[1:], "--backend", "python"], tmp_path)
    if file in REJECTED:
        assert code == 3
        assert f"{file}:2: no member can be used; the first row: {REJECTED[file]}" in err.decode()
        return
    assert code == 0, err.decode()
    assert json.loads((tmp_path / "results/summary.json").read_text(encoding="utf-8"))["members"] == len(
        MEMBERS
    )
