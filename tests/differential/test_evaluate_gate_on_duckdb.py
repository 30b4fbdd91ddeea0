"""The gate of `evaluate` where DuckDB reads, by the plan and by the fold."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from test_evaluate_gate import (
    NOTHING_COUNTED,
    does_not_pass,
    nothing_is_written,
    what_stands_stays_where_most_rows_are_rejected,
    with_a_reject,
    with_a_wrong_time_column,
)

if TYPE_CHECKING:
    from club_shell import Shell


@pytest.mark.parametrize("way", ["plan", "fold"])
@pytest.mark.parametrize("most", ["0", "0%", "12.499999999%"])
def test_more_rejects_than_allowed_write_nothing_and_what_stands_stays(
    shell: Shell, most: str, way: str
) -> None:
    nothing_is_written(shell, most, "--backend", "duckdb", "--via", way)


@pytest.mark.parametrize(("rows", "options", "said"), NOTHING_COUNTED)
def test_a_log_of_which_nothing_counted_does_not_pass(
    shell: Shell, rows: str, options: tuple[str, ...], said: str
) -> None:
    does_not_pass(shell, rows, (*options, "--backend", "duckdb"), said)


@pytest.mark.parametrize("way", ["plan", "fold"])
def test_tables_of_a_database_stay_when_more_rows_are_rejected_than_allowed(shell: Shell, way: str) -> None:
    options = ("--backend", "duckdb://club.duckdb", "--output-format", "table", "--via", way)
    assert shell.evaluate(*options).code == 0
    with_a_reject(shell)
    shell.edit("events.csv", "e5,ann,visit,2025-01-09,,\n", "")
    assert shell.evaluate(*options, "--max-rejected", "0").code == 1
    with duckdb.connect(str(shell.folder / "club.duckdb")) as database:
        assert database.sql("SELECT count(*) FROM pointbook_ledger").fetchall() == [(5,)]
        assert database.sql("SELECT count(*) FROM pointbook_rejects").fetchall() == [(0,)]


@pytest.mark.parametrize("way", ["plan", "fold"])
def test_what_stands_is_not_replaced_by_a_log_of_rejects(shell: Shell, way: str) -> None:
    what_stands_stays_where_most_rows_are_rejected(shell, "--backend", "duckdb", "--via", way)


@pytest.mark.parametrize("way", ["plan", "fold"])
def test_tables_of_a_database_are_not_replaced_by_those_of_a_log_of_rejects(shell: Shell, way: str) -> None:
    options = ("--backend", "duckdb://club.duckdb", "--output-format", "table", "--via", way)
    assert shell.evaluate(*options).code == 0
    shutil.rmtree(shell.folder / "out")  # so that nothing but tables stands
    with_a_wrong_time_column(shell)
    done = shell.evaluate(*options)
    assert done.code == 1
    assert "the results that stand were not replaced" in done.err
    with duckdb.connect(str(shell.folder / "club.duckdb")) as database:
        assert database.sql("SELECT count(*) FROM pointbook_ledger").fetchall() == [(5,)]
    assert shell.evaluate(*options, "--table-prefix", "other_").err.count("written to out/") == 1


def test_tables_in_a_schema_called_by_a_word_of_sql_are_not_replaced_either(shell: Shell) -> None:
    with duckdb.connect(str(shell.folder / "club.duckdb")) as database:
        database.execute('CREATE SCHEMA "user"')
    to = ("--backend", "duckdb://club.duckdb", "--output-format", "table", "--table-prefix", "user.points_")
    assert shell.evaluate(*to).code == 0
    shutil.rmtree(shell.folder / "out")
    with_a_wrong_time_column(shell)
    assert "the results that stand were not replaced" in shell.evaluate(*to).err
