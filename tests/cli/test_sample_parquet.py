from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pointbook.loading import load_program
from pointbook.log import read_log

parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")

if TYPE_CHECKING:
    from club_shell import Shell

    from pointbook.log import Log

SAMPLE = ("sample", "club", "--members", "5", "--events", "400", "--to", "2025-12-31")


def log_in(shell: Shell, folder: str, form: str) -> Log:
    program = load_program(shell.folder / "club")
    members, events = (shell.folder / folder / f"{name}.{form}" for name in ("members", "events"))
    return read_log(program, members=[members], events=[events])


def test_without_mistakes_it_is_the_same_log_as_in_csv(shell: Shell) -> None:
    shell.run(*SAMPLE, "--mistakes", "0", "--out", "csv")
    done = shell.run(*SAMPLE, "--mistakes", "0", "--out", "typed", "--output-format", "parquet")
    assert (done.code, done.out) == (0, "typed/members.parquet\ntyped/events.parquet\n")
    typed, csv = log_in(shell, "typed", "parquet"), log_in(shell, "csv", "csv")
    assert (typed.members, typed.events) == (csv.members, csv.events)
    assert len(typed.events) == 400


def test_its_columns_have_types(shell: Shell) -> None:
    shell.run(*SAMPLE, "--out", "typed", "--output-format", "parquet")
    schema = parquet.read_schema(shell.folder / "typed/events.parquet")
    types = {field.name: str(field.type) for field in schema}
    assert types["occurred_at"] == "timestamp[us, tz=UTC]"
    assert types["points"] == "int64"
    members = parquet.read_schema(shell.folder / "typed/members.parquet")
    assert str(members.field("signed_up_on").type) == "date32[day]"


def test_a_value_that_is_misspelt_in_csv_is_empty(shell: Shell) -> None:
    mistakes = ("--mistakes", "200", "--seed", "3")
    shell.run(*SAMPLE, *mistakes, "--out", "csv")
    shell.run(*SAMPLE, *mistakes, "--out", "typed", "--output-format", "parquet")
    csv, typed = (
        Counter(str(reject.reason) for reject in log_in(shell, form, ending).rejects)
        for form, ending in (("csv", "csv"), ("typed", "parquet"))
    )
    assert csv["bad_value"] > 0
    assert csv["unreadable_row"] > 0
    assert (typed["bad_value"], typed["unreadable_row"]) == (0, 0)
    assert typed["unknown_member"] == csv["unknown_member"]
    assert typed["missing_value"] > csv["missing_value"]


def test_the_same_seed_gives_the_same_bytes(shell: Shell) -> None:
    for folder in ("one", "two"):
        shell.run(*SAMPLE, "--out", folder, "--output-format", "parquet")
    one, two = ((shell.folder / folder / "events.parquet").read_bytes() for folder in ("one", "two"))
    assert one == two


def test_files_that_are_there_are_not_replaced(shell: Shell) -> None:
    shell.run(*SAMPLE, "--out", "typed", "--output-format", "parquet")
    refused = shell.run(*SAMPLE, "--out", "typed", "--output-format", "parquet")
    assert refused.code == 2
    assert "typed already has members.parquet and events.parquet" in refused.err
