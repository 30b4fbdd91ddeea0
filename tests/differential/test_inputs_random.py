"""Whatever a Parquet file or a table holds, the engine and the reader make the same log of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from input_logs import INPUTS, as_put, as_read, contents
from input_tables import MEMBERS, tables
from pyarrow import parquet

from pointbook.relational.engines.duckdb_session import DuckDBSession

if TYPE_CHECKING:
    from pathlib import Path

WORK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def session() -> DuckDBSession:
    return DuckDBSession()


@WORK
@given(parts=st.lists(tables(), min_size=1, max_size=3))
def test_the_engine_makes_the_same_log_of_parquet_as_the_reader(
    session: DuckDBSession, parts: list[pa.Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8")
    for number, part in enumerate(parts):
        parquet.write_table(part, tmp_path / f"{number}.parquet", row_group_size=3)
    names = [f"{number}.parquet" for number in range(len(parts))]
    assert as_put(INPUTS, ["members.csv"], names, session) == as_read(INPUTS, ["members.csv"], names)


@WORK
@given(rows=tables())
def test_the_engine_makes_the_same_log_of_a_table_as_the_reader_of_the_same_parquet(
    session: DuckDBSession, rows: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for files, lines, and the places that details name: a table has none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8")
    parquet.write_table(rows, tmp_path / "rows.parquet")
    session.execute("CREATE OR REPLACE TABLE rows AS FROM 'rows.parquet'")
    read = as_read(INPUTS, ["members.csv"], ["rows.parquet"])
    put = as_put(INPUTS, ["members.csv"], ["table:rows"], session)
    assert (put.members, put.events) == (read.members, read.events)
    assert (put.facts.latest, put.facts.events_read) == (read.facts.latest, read.facts.events_read)
    assert contents(put) == contents(read)
    assert {(reject.file, reject.line) for reject in put.facts.rejects} <= {("table:rows", 0)}
