"""Result tables as Parquet, written by DuckDB: the same files as those of a plan that DuckDB runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.relational.engines.duckdb_session import DuckDBSession, in_groups
from pointbook.relational.engines.interruptible import held_signals
from pointbook_cli.reporters.tables.parquet_files import result_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from pointbook.model.tables import Columns

_WAITING = 4
"""The most tables that wait to be written."""
_SECONDS_A_LOOK = 0.1


class _AbandonedError(Exception):
    """The file is not wanted any longer."""


@contextmanager
def duckdb_parquet_writer(path: Path, columns: Columns) -> Iterator[Callable[[pa.Table], None]]:
    """A function that writes tables with `columns` to a Parquet file, which is complete at the end.

    A thread writes, so that whoever makes the tables need not wait for it.
    """
    schema = result_schema(columns)
    tables: Queue[pa.Table | None] = Queue(_WAITING)
    is_abandoned = False

    def batches() -> Iterator[pa.RecordBatch]:
        while (table := tables.get()) is not None:
            yield from table.to_batches()
        if is_abandoned:
            raise _AbandonedError

    def write_all() -> None:
        session = DuckDBSession(threads=1)
        try:
            rows = pa.RecordBatchReader.from_batches(schema, in_groups(batches()))
            session.connection.register("result_rows", rows)
            session.write_parquet("SELECT * FROM result_rows", path)
        finally:
            session.close()

    with ThreadPoolExecutor(1, path.name) as thread:
        writing = thread.submit(write_all)
        try:
            yield lambda table: _put(tables, table, writing)
            _put(tables, None, writing)
        except BaseException:
            is_abandoned = True
            while not writing.done():
                with suppress(Empty):
                    tables.get_nowait()
                with suppress(Full):
                    tables.put(None, timeout=_SECONDS_A_LOOK)
            raise
        writing.result()


def _put(tables: Queue[pa.Table | None], table: pa.Table | None, writing: Future[None]) -> None:
    """Hand a table over once there is room; raises what went wrong with those before."""
    with held_signals() as is_asked_to_stop:
        while not writing.done() and not is_asked_to_stop():
            try:
                tables.put(table, timeout=_SECONDS_A_LOOK)
            except Full:
                continue
            return
    if writing.done():
        writing.result()
