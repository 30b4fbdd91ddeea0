# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""DuckDB as the engine, inside this process."""

from __future__ import annotations

import errno
from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import pyarrow as pa

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.duckdb_queries import refuse_more_than_reading
from pointbook.relational.engines.duckdb_tables import to_make, write
from pointbook.relational.engines.files_written import file_written
from pointbook.relational.engines.interruptible import Interruptible
from pointbook.relational.engines.row_groups import ROWS_OF_A_GROUP, in_groups
from pointbook.relational.engines.sessions import (
    EngineError,
    Session,
    TableRows,
    beyond_64_bits,
    literal,
    no_query,
    no_tables,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

_Result = TypeVar("_Result")
_LEAST_TO_WRITE = 200_000_000
"""Bytes of memory that writing a Parquet file takes, whatever the number of rows."""
_OUT_OF_RANGE = ("Out of Range Error", "value is out of range", "Failed to cast decimal value")


class DuckDBSession(Session):
    """A DuckDB database in memory or in a file, which spills to disk where memory is short.

    A signal that asks this process to stop interrupts the query that runs.

    Attributes:
        connection: The open connection.
    """

    def __init__(
        self,
        *,
        memory_limit: str | None = None,
        temporary: Path | None = None,
        threads: int | None = None,
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        """Open a database.

        Args:
            memory_limit: The most memory to use, such as `4GB`.
            temporary: Folder to spill to.
            threads: How many threads to use; None for all processors.
            connection: A connection to work in, instead of a database of its own.
        """
        self.dialect = DIALECTS["duckdb"]
        self.connection = duckdb.connect() if connection is None else connection
        self._queries = Interruptible(self.connection.interrupt)
        self._memory_limit = memory_limit
        for name, value in (
            ("memory_limit", memory_limit),
            ("temp_directory", temporary),
            ("threads", threads),
            ("preserve_insertion_order", "true"),  # `keeps_order`
            ("enable_progress_bar", "false"),
        ):
            if value is not None:
                self.connection.execute(f"SET {name} = {literal(str(value))}")

    @property
    def keeps_order(self) -> bool:
        """A setting, which others may change meanwhile."""
        return self._setting("preserve_insertion_order").lower() == "true"

    def put(self, name: str, table: pa.Table) -> None:
        self._put(name, table)

    def put_rows(self, name: str, rows: pa.RecordBatchReader) -> None:
        self._put(name, rows)

    def _put(self, name: str, table: pa.Table | pa.RecordBatchReader) -> None:
        self.connection.register("arrow_input", table)
        self.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM arrow_input')
        self.connection.unregister("arrow_input")

    def view(self, name: str, sql: str) -> None:
        self.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

    def store(self, name: str, sql: str) -> None:
        self.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')

    def append(self, name: str, sql: str) -> None:
        """Add the rows of a query to a relation that is stored, in their order; begin it if there is none."""
        if self._kind_of(name) is None:
            self.store(name, sql)
        else:
            self.execute(f'INSERT INTO temp."{name}" {sql}')

    def drop(self, name: str) -> None:
        if (kind := self._kind_of(name)) is not None:
            self.execute(f'DROP {kind} temp."{name}"')

    def rename(self, name: str, new_name: str) -> None:
        """Call a relation of this session otherwise."""
        self.execute(f'ALTER {self._kind_of(name)} temp."{name}" RENAME TO "{new_name}"')

    def _kind_of(self, name: str) -> str | None:
        """What SQL calls the kind of a relation of this session; None if there is none of that name."""
        known = "SELECT table_type FROM information_schema.tables WHERE table_catalog = 'temp'"
        found = self.connection.execute(f"{known} AND table_name = {literal(name)}").fetchone()
        if found is None:
            return None
        return "VIEW" if found[0] == "VIEW" else "TABLE"

    def parts_for(self, rows: int, row_bytes: int) -> int:
        """In how many parts to work on so many rows, of so many bytes each, so that memory holds a part."""
        return max(1, -(-rows * row_bytes // self._memory()))

    def _memory(self) -> int:
        """The most memory it uses, in bytes, to two digits."""
        return int(self._named("parse_formatted_bytes(current_setting('memory_limit'))"))

    def rows(self, sql: str) -> pa.RecordBatchReader:
        reader = self._done(lambda: self.connection.sql(sql).to_arrow_reader(ROWS_OF_A_GROUP))

        def batches() -> Iterator[pa.RecordBatch]:
            with reader:  # an open one would keep the connection to itself
                while (batch := self._done(lambda: next(reader, None))) is not None:
                    yield batch

        return pa.RecordBatchReader.from_batches(reader.schema, batches())

    def columns(self, sql: str) -> Sequence[tuple[str, str]]:
        refuse_more_than_reading(self.connection, sql)
        try:
            described = self.rows(f"DESCRIBE {sql}").read_all()
        except duckdb.Error as error:
            raise no_query("duckdb", error) from error
        names, types = (described.column(name).to_pylist() for name in ("column_name", "column_type"))
        return list(zip(names, types, strict=True))

    def write_parquet(self, sql: str, path: Path) -> None:
        """Write the rows of a query to a Parquet file, in their order."""
        with file_written(path):
            self.execute(_copy_sql(sql, path))

    def write_parquet_from(
        self, name: str, readers: Iterator[pa.RecordBatchReader], sql: str, path: Path
    ) -> None:
        """Write the rows of a query over rows that this session computes meanwhile, in their order.

        The file is the same as if these were a table of this session. Writing takes up to an eighth of
        the memory that this session may use, besides it, or `_LEAST_TO_WRITE` if that is more.

        Args:
            name: What the query calls the rows.
            readers: Have the rows, one after another; there is at least one. They may need queries of
                this session.
            sql: The query.
            path: The file.
        """
        failed: list[BaseException] = []

        def batches(first: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
            try:
                yield from chain.from_iterable(chain([first], readers))
            except BaseException as error:
                failed.append(error)
                raise

        def interrupt_both() -> None:
            writer.interrupt()
            self.connection.interrupt()

        # One connection runs one query at a time, and a query that waits for another keeps its threads.
        with duckdb.connect() as writer:
            for setting, value in {
                "memory_limit": f"{max(self._memory() // 8, _LEAST_TO_WRITE)}B",
                "temp_directory": f"{self._setting('temp_directory')}.writer",
                "threads": self._setting("threads"),
                "enable_progress_bar": "false",
            }.items():
                writer.execute(f"SET {setting} = {literal(value)}")
            first = next(readers)
            groups = in_groups(batches(first))
            begun = list(islice(groups, 1))  # what has not begun cannot be closed
            rows = pa.RecordBatchReader.from_batches(first.schema, chain(begun, groups))
            writer.register(name, rows)
            queries = Interruptible(interrupt_both)
            try:
                with file_written(path):
                    self._done(lambda: writer.execute(_copy_sql(sql, path)), queries)
            except duckdb.Error as error:  # made of what a query of this session may have raised
                raise (failed[0] if failed else error) from None
            finally:
                queries.close()
                groups.close()  # with the reader that may still be open, so that other queries can run

    def check_tables(
        self,
        columns: Mapping[str, pa.Schema],
        *,
        replace: bool,
        merges: bool = False,
        adds: Collection[str] = (),
    ) -> None:
        """As for every session; other runs cannot open the file, and there are no rights to lack."""
        del merges, adds
        to_make(self.values, columns, replace=replace)

    def write_tables(self, tables: Mapping[str, TableRows], *, replace: bool) -> None:
        readers = {
            f"arrow_rows_{number}": one.rows
            for number, one in enumerate(tables.values())
            if isinstance(one.rows, pa.RecordBatchReader)
        }
        for name, rows in readers.items():
            self.connection.register(name, rows)
        try:
            self._write(tables, replace=replace)
        finally:
            for name in readers:
                self.connection.unregister(name)

    def _write(self, tables: Mapping[str, TableRows], *, replace: bool) -> None:
        self.execute("BEGIN TRANSACTION")
        try:
            write(self.values, self.execute, tables, replace=replace)
            self.execute("COMMIT")
        except BaseException as error:
            with suppress(duckdb.Error):  # a commit that fails ends the transaction
                self.connection.execute("ROLLBACK")
            if isinstance(error, duckdb.Error):
                raise no_tables("duckdb", error) from error
            raise

    def execute(self, sql: str) -> None:
        """Run a statement; an interrupt stops it.

        Raises:
            EngineError: Memory is too small for it, or a number too large.
        """
        self._done(lambda: self.connection.execute(sql))

    def close(self) -> None:
        """Close the connection; what was not made to stay is gone."""
        self._queries.close()
        self.connection.close()

    def values(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, if they are few, as Python has them."""
        return self._done(lambda: self.connection.execute(sql).fetchall())

    def _setting(self, name: str) -> str:
        return self._named(f"current_setting({literal(name)})")

    def _named(self, expression: str) -> str:
        [(found,)] = self.connection.execute(f"SELECT {expression}").fetchall()
        return str(found)

    def _done(self, work: Callable[[], _Result], queries: Interruptible | None = None) -> _Result:
        """The result of `work`; a signal stops it."""
        try:
            return (queries or self._queries).done(work)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            meaning = self._meaning(error)
            if meaning is None:
                raise
            raise meaning from error

    def _meaning(self, error: Exception) -> Exception | None:
        text = str(error)
        if "No space left" in text or "max_temp_directory_size" in text:
            return OSError(errno.ENOSPC, "No space left on device")
        if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory Error" in text:
            limit = f"of {self._memory_limit} " if self._memory_limit else ""
            hint = "give more with `--memory-limit`"
            return EngineError("duckdb", f"the memory {limit}is too little for this log", hint)
        if any(words in text for words in _OUT_OF_RANGE):
            return beyond_64_bits("duckdb")
        return None


def _copy_sql(sql: str, path: Path) -> str:
    """The statement that writes the rows of a query to a file."""
    return f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet, USE_TMP_FILE false)"
