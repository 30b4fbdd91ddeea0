"""Result tables as Parquet, and as batches of typed columns."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pointbook.model.tables import LEDGER, ColumnType, reference_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pointbook.model.tables import Cell, Column, Columns

    WriteTable = Callable[[pa.Table], None]

_DIGITS = 28
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
    return pa.schema([(column.name, _type_of(column)) for column in columns])


def _type_of(column: Column) -> pa.DataType:
    if column.type is ColumnType.DECIMAL:
        return pa.decimal128(_DIGITS, column.places)
    return _TYPES[column.type]


def batch_from(cells: Sequence[Sequence[Cell]], schema: pa.Schema) -> pa.RecordBatch:
    """Columns of cells as JSON has them, with days and times as ISO text, as a batch of typed columns.

    Raises:
        OverflowError: A number is beyond 64 bits.
    """
    arrays = [_array(column, kind) for column, kind in zip(cells, schema.types, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _array(column: Sequence[Cell], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pa.array(column, pa.string()).cast(kind)
    return pa.array(column, kind)


def ledger_batch(
    entries: Mapping[str, Sequence[Any]], schema: pa.Schema, known: Mapping[str, pa.Array]
) -> pa.RecordBatch:
    """Entries, column by column, as a batch of typed columns; those in `known` are taken as they are.

    Raises:
        OverflowError: A number is beyond 64 bits.
    """
    fields = [column.name for column in LEDGER]
    fields += map(reference_field, schema.names[len(fields) :])
    columns = [
        known[field] if field in known else pa.array(entries.get(field, ()), kind)
        for field, kind in zip(fields, schema.types, strict=True)
    ]
    return pa.record_batch(columns, schema=schema)


@contextmanager
def parquet_writer(
    path: Path, columns: Columns, metadata: Mapping[str, str] | None = None
) -> Iterator[WriteTable]:
    """A function that writes tables with `columns` to a Parquet file, which is complete at the end.

    The file depends on the rows alone, not on how they came in tables; numbers may be narrower. What is in
    `metadata` stands in the file besides.
    """
    schema = result_schema(columns).with_metadata(metadata)
    waiting = schema.empty_table()
    with pq.ParquetWriter(path.absolute(), schema) as writer:  # or Arrow takes `a:b` for an address

        def write(table: pa.Table) -> None:
            nonlocal waiting
            waiting = pa.concat_tables([waiting, table.cast(schema)])
            while len(waiting) >= ROWS_OF_A_GROUP:
                _write_group(writer, waiting.slice(0, ROWS_OF_A_GROUP))
                waiting = waiting.slice(ROWS_OF_A_GROUP)

        yield write
        _write_group(writer, waiting)


def _write_group(writer: pq.ParquetWriter, rows: pa.Table) -> None:
    writer.write_batch(pa.record_batch([whole(column) for column in rows.columns], schema=rows.schema))


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


@contextmanager
def ipc_writer(path: Path, columns: Columns) -> Iterator[WriteTable]:
    """A function that writes tables with `columns` to a file that Arrow reads back."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, result_schema(columns)) as writer:
        yield writer.write_table


def write_parquet(
    path: Path, columns: Columns, batches: Iterable[pa.RecordBatch], metadata: Mapping[str, str] | None = None
) -> None:
    """Write batches, whose columns may be narrower numbers, to a Parquet file."""
    with parquet_writer(path, columns, metadata) as write:
        for batch in batches:
            write(pa.Table.from_batches([batch]))
