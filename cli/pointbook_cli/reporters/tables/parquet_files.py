"""Result tables as Parquet, and as batches of typed columns."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pointbook.model.tables import ColumnType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pointbook.model.tables import Cell, Columns
    from pointbook_cli.reporters.tables.table_files import WriteCells

ROWS_OF_A_GROUP = 1 << 17
_TYPES = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIME: pa.timestamp("us"),
}


def result_schema(columns: Columns) -> pa.Schema:
    """The Arrow schema of a result table."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in columns])


def batch_from(cells: Sequence[Sequence[Cell]], schema: pa.Schema) -> pa.RecordBatch:
    """Columns of cells as JSON has them, with days and times as ISO text, as a batch of typed columns."""
    arrays = [_array(column, kind) for column, kind in zip(cells, schema.types, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _array(column: Sequence[Cell], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pa.array(column, pa.string()).cast(kind)
    return pa.array(column, kind)


@contextmanager
def parquet_cells_writer(path: Path, columns: Columns) -> Iterator[WriteCells]:
    """A function that writes cells of `columns` to a Parquet file, which is complete at the end."""
    schema = result_schema(columns)
    waiting: list[list[Cell]] = [[] for _ in columns]
    with pq.ParquetWriter(path, schema) as writer:

        def write(cells: Sequence[Sequence[Cell]]) -> None:
            for column, further in zip(waiting, cells, strict=True):
                column.extend(further)
            if len(waiting[0]) >= ROWS_OF_A_GROUP:
                writer.write_batch(batch_from(waiting, schema))
                for column in waiting:
                    column.clear()

        yield write
        writer.write_batch(batch_from(waiting, schema))


def write_parquet(path: Path, columns: Columns, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches, whose columns may be narrower numbers, to a Parquet file."""
    schema = result_schema(columns)
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
