"""Result tables as Parquet, written by DuckDB: the same files as those of a plan that DuckDB runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.model.ledger import Outcome
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.interruptible import held_signals
from pointbook.relational.engines.row_groups import in_groups
from pointbook.relational.engines.sessions import literal, quoted
from pointbook_cli.reporters.tables.parquet_files import result_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from pointbook.model.program import Program
    from pointbook.model.tables import Columns

_WAITING = 4
"""The most tables that wait to be written."""
_SECONDS_A_LOOK = 0.1


class _AbandonedError(Exception):
    """The file is not wanted any longer."""


def ledger_enumerations(program: Program, version: str | None) -> dict[str, list[str]]:
    """The texts that columns of a ledger can have, which a plan has as enumerations; by column.

    Args:
        program: The rules.
        version: Id of the only version, None for all.
    """
    versions = [known for known in program.versions if version in {None, known.id}]
    texts = {
        "version": {known.id for known in versions},
        "balance": set(program.balances),
        "outcome": {outcome.value for outcome in Outcome},
        "level": {level for known in versions for level in known.levels},
    }
    return {column: sorted(own) for column, own in texts.items() if own}


@contextmanager
def duckdb_parquet_writer(
    path: Path, columns: Columns, enumerations: Mapping[str, Sequence[str]]
) -> Iterator[Callable[[pa.Table], None]]:
    """A function that writes tables with `columns` to a Parquet file, which is complete at the end.

    A thread writes, so that whoever makes the tables need not wait for it.
    """
    values = file_values(columns, enumerations)
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
            session.write_parquet(f"SELECT {', '.join(values)} FROM result_rows", path)  # noqa: S608 - all quoted
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


def file_values(columns: Columns, enumerations: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns of rows as a file has them, as SQL; none is known never to be empty."""
    return [_value(quoted(column.name), enumerations.get(column.name)) for column in columns]


def _value(name: str, texts: Sequence[str] | None) -> str:
    value = f"CASE WHEN {name} IS NULL THEN NULL ELSE {name} END"
    if texts is not None:
        value = f"CAST({value} AS ENUM({', '.join(map(literal, texts))}))"
    return f"{value} AS {name}"


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
