"""The types of the result tables' columns, for formats that have types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.model import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.model.tables import Cell

_TYPES = {
    **dict.fromkeys(("requested", "awarded", "period", "total", "line"), pa.int64()),
    **dict.fromkeys(("points", "points_to_next", "points_to_keep"), pa.int64()),
    **dict.fromkeys(("as_of", "period_start", "period_end", "date"), pa.date32()),
    "assumed": pa.bool_(),
    "occurred_at": pa.timestamp("us"),
}
"""Every other column holds text."""

_OWN_COLUMNS = {*tables.LEDGER, *tables.STANDINGS, *tables.HISTORY, *tables.REJECTS}


def result_schema(columns: Sequence[str]) -> pa.Schema:
    """The Arrow schema of a result table; further columns of standings are balances' points."""
    return pa.schema(
        [(name, _TYPES.get(name, pa.string()) if name in _OWN_COLUMNS else pa.int64()) for name in columns]
    )


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
