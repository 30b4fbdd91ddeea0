"""Columns become the same lines as rows do."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pointbook.model.tables import Column, ColumnType
from pointbook_cli.reporters.tables.batch_lines import write_lines
from pointbook_cli.reporters.tables.table_files import table_writer

NAMES = ("text", "number", "truth", "day", "moment")
COLUMNS = tuple(
    map(
        Column,
        NAMES,
        (ColumnType.TEXT, ColumnType.INTEGER, ColumnType.BOOLEAN, ColumnType.DATE, ColumnType.TIME),
    )
)
TYPES = (pa.string(), pa.int64(), pa.bool_(), pa.date32(), pa.timestamp("us"))
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(("", "a,b", '"', "\r", "é", "=1+1", "'=1", "-5", "'a", "\uff1d1")),
)
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.booleans(),
        st.none() | st.dates(),
        st.none() | st.datetimes(),
    ),
    max_size=4,
)


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


@pytest.mark.parametrize(("output_format", "safe"), [("csv", False), ("csv", True), ("jsonl", False)])
@settings(deadline=None)
@given(rows=ROWS)
def test_a_batch_gives_the_lines_of_its_rows(
    output_format: str, safe: bool, rows: list[tuple[Any, ...]]
) -> None:
    by_row, by_batch = io.StringIO(), io.StringIO()
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    write_cells = table_writer(by_row, COLUMNS, output_format, spreadsheet_safe=safe)
    write_cells([list(map(_cell, column)) for column in columns])
    arrays = [pa.array(column, kind) for column, kind in zip(columns, TYPES, strict=True)]
    batch = pa.record_batch(arrays, names=list(NAMES))
    write_lines(by_batch, COLUMNS, output_format, [batch], spreadsheet_safe=safe)
    assert by_batch.getvalue() == by_row.getvalue()


def test_a_moment_is_written_without_a_fraction_where_it_has_none() -> None:
    moments = [datetime(2024, 2, 1), datetime(2024, 2, 1, 10, 0, 0, 500_000)]  # noqa: DTZ001 - local times have no zone
    stream = io.StringIO()
    batch = pa.record_batch([pa.array(moments, pa.timestamp("us"))], names=["moment"])
    write_lines(stream, (Column("moment"),), "csv", [batch])
    assert stream.getvalue() == "moment\n2024-02-01T00:00:00\n2024-02-01T10:00:00.500000\n"
