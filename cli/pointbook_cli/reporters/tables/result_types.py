"""The types of the result tables' columns, for formats that have types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.model.tables import ColumnType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.model.tables import Cell, Columns

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


def batch_from(rows: Iterable[Sequence[Cell]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as JSON has them, with days and times as ISO text, as a batch of typed columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.record_batch(
        [_array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema
    )


def _array(column: Sequence[Cell], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pa.array(column, pa.string()).cast(kind)
    return pa.array(column, kind)
