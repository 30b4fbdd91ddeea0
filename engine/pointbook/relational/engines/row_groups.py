"""Batches of rows as groups of a Parquet file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

ROWS_OF_A_GROUP = 122880
"""Rows of a group in a Parquet file: the engine's own number; a batch of so many becomes one as it is."""


def in_groups(batches: Iterable[pa.RecordBatch]) -> Generator[pa.RecordBatch]:
    """The same rows in batches of one group each; the last may have fewer."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        if len(batch) > 0:
            waiting.append(batch)
        if sum(map(len, waiting)) >= ROWS_OF_A_GROUP:
            rows = pa.Table.from_batches(waiting)
            whole = len(rows) // ROWS_OF_A_GROUP * ROWS_OF_A_GROUP
            for start in range(0, whole, ROWS_OF_A_GROUP):
                yield from _joined(rows.slice(start, ROWS_OF_A_GROUP))
            waiting = rows.slice(whole).to_batches()
    if waiting:
        yield from _joined(pa.Table.from_batches(waiting))


def _joined(rows: pa.Table) -> list[pa.RecordBatch]:
    """One batch, unless its texts are too long for that."""
    batches: list[pa.RecordBatch] = rows.combine_chunks().to_batches()
    return batches
