"""Results as CSV for spreadsheets: no text of the log is taken for a formula, and each can be had back."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

from pointbook_cli.reporters.escaping import spreadsheet

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Shell

TABLES = ("ledger", "standings", "history", "rejects")
FORMULAS = (
    "=1+1",
    "+1",
    "-5",
    "@SUM()",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "'=1",
    "''-5",
)
OTHERS = ("ann", "", "'", "'ann", "''", "1=1", "a-5", " =1", "é")
UNDONE = re.compile(r"^'(?='*[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-])")
"""As the page of the meaning has it."""


@pytest.fixture
def formulas(shell: Shell) -> Shell:
    """Members who are called by formulas, all of whom visit; one of nobody visits, too."""
    with (shell.folder / "members.csv").open("w", encoding="utf-8", newline="") as file:
        rows = ([member, "2024-01-10"] for member in ("ann", *FORMULAS))
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["member_id", "signed_up_on"], *rows])
    with (shell.folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        header = ["event_id", "member_id", "activity", "occurred_at"]
        rows = ([f"={place}", member, "visit", "2024-02-01"] for place, member in enumerate(FORMULAS))
        nobody = ["-1", "@nobody", "visit", "2024-02-01"]
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *rows, nobody])
    return shell


def _cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_no_text_is_taken_for_a_formula_and_each_can_be_had_back(formulas: Shell) -> None:
    assert formulas.evaluate("--output-format", "csv").code == 1  # for the visit of nobody
    plain = {table: _cells(formulas.folder / f"out/{table}.csv") for table in TABLES}
    formulas.evaluate("--spreadsheet-safe")
    safe = {table: _cells(formulas.folder / f"out/{table}.csv") for table in TABLES}

    assert {row[0] for row in plain["standings"]} >= set(FORMULAS)
    assert {row[0] for row in safe["standings"]} == {"member_id", "ann", *(f"'{name}" for name in FORMULAS)}
    assert sorted(row[3] for row in safe["rejects"]) == ["'-1", "event_id"]
    assert not [
        cell for table in TABLES for row in safe[table] for cell in row if cell[:1] in set("=+-@\t\r\n")
    ]
    undone = {table: [[UNDONE.sub("", cell) for cell in row] for row in safe[table]] for table in TABLES}
    assert undone == plain


def test_numbers_below_nothing_stay_numbers(shell: Shell) -> None:
    shell.edit("club/versions/2024.yaml", "points: 5\n", "points: -5\n")
    assert shell.evaluate("--spreadsheet-safe").code == 0
    assert [row[7] for row in _cells(shell.folder / "out/ledger.csv") if row[0] == "e4"] == ["-5"]


def test_a_log_without_formulas_is_written_as_ever(shell: Shell) -> None:
    shell.evaluate()
    plain = {table: (shell.folder / f"out/{table}.csv").read_bytes() for table in TABLES}
    assert shell.evaluate("--spreadsheet-safe").code == 0
    assert {table: (shell.folder / f"out/{table}.csv").read_bytes() for table in TABLES} == plain


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_other_forms_are_refused(shell: Shell, form: str) -> None:
    done = shell.evaluate("--spreadsheet-safe", "--output-format", form)
    assert done.code == 2
    assert f"spreadsheets open CSV; use it with `--output-format csv`, not `{form}`" in done.err
    assert not (shell.folder / "out").exists()


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_gets_one_apostrophe(text: str) -> None:
    assert spreadsheet(text) == f"'{text}"


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_none_stays_what_it_is(text: str) -> None:
    assert spreadsheet(text) == text
