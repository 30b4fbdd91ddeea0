"""DuckDB as the engine, inside this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pointbook.relational.emission import DIALECTS

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


class DuckDBSession:
    """A DuckDB database in memory, which spills to disk where memory is short.

    Attributes:
        dialect: How it wants its SQL.
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
        for name, value in (
            ("memory_limit", memory_limit),
            ("temp_directory", temporary),
            ("threads", threads),
            ("preserve_insertion_order", "false"),
            ("enable_progress_bar", "false"),
        ):
            if value is not None:
                self.connection.execute(f"SET {name} = '{value}'")

    def put(self, name: str, table: pa.Table) -> None:
        """Make `table` a relation of that name, for this session alone."""
        self.connection.register("arrow_input", table)
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM arrow_input')
        self.connection.unregister("arrow_input")

    def view(self, name: str, sql: str) -> None:
        """Make a query a relation of that name, computed whenever it is read."""
        self.connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {sql}')

    def store(self, name: str, sql: str) -> None:
        """Compute a query once and keep it as a relation of that name, for this session alone."""
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}')

    def drop(self, name: str) -> None:
        """Forget a relation that was stored."""
        self.connection.execute(f'DROP TABLE IF EXISTS temp."{name}"')

    def rows(self, sql: str) -> pa.RecordBatchReader:
        """The rows of a query; they must be read before the next query begins."""
        return self.connection.sql(sql).to_arrow_reader()
