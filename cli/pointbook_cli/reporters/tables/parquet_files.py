"""Result tables as Parquet."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from pointbook_cli.reporters.tables.result_types import batch_from, result_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from pointbook.model.tables import Cell, Columns
    from pointbook_cli.reporters.tables.table_files import WriteRows

_ROWS_OF_A_GROUP = 1 << 17


@contextmanager
def parquet_rows_writer(path: Path, columns: Columns) -> Iterator[WriteRows]:
    """A function that writes rows of `columns` to a Parquet file, which is complete at the end."""
    schema = result_schema(columns)
    waiting: list[Sequence[Cell]] = []
    with pq.ParquetWriter(path, schema) as writer:

        def write(rows: Iterable[Sequence[Cell]]) -> None:
            waiting.extend(rows)
            if len(waiting) >= _ROWS_OF_A_GROUP:
                writer.write_batch(batch_from(waiting, schema))
                waiting.clear()

        yield write
        writer.write_batch(batch_from(waiting, schema))


def write_parquet(path: Path, columns: Columns, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches, whose columns may be narrower numbers, to a Parquet file."""
    schema = result_schema(columns)
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
